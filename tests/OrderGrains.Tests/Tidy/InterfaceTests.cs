using System.Reflection;
using Xunit;

namespace OrderGrains.Tests.Tidy;

public sealed class InterfaceTests
{
    /// <summary>
    /// A class may have a member of the right name that returns a more exact type. The compiler accepts that, and
    /// callers of the interface get its default in silence.
    /// </summary>
    [Fact]
    public void No_class_has_a_member_beside_the_default_of_its_interface() => Assert.Empty(
        from type in typeof(OrderGrainsApp).Assembly.GetTypes()
        where type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
        from port in type.GetInterfaces()
        where port.Assembly == type.Assembly
        let map = type.GetInterfaceMap(port)
        from target in map.TargetMethods
        where target.DeclaringType!.IsInterface && type.GetMethods().Any(own => own.Name == target.Name
            && Types(own).SequenceEqual(Types(target)))
        select $"{type.Name}.{target.Name}");

    private static IEnumerable<Type> Types(MethodInfo method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType);
}
