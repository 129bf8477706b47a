using System.Reflection;
using Xunit;

namespace OrderGrains.Tests.Tidy;

/// <summary>What silos of two versions say to each other has names that no renaming changes.</summary>
public sealed class GrainTests
{
    private static IEnumerable<Type> Product => typeof(OrderGrainsApp).Assembly.GetTypes();

    private static IEnumerable<Type> GrainInterfaces =>
        Product.Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type));

    [Fact]
    public void Every_grain_interface_and_method_has_an_alias()
    {
        Assert.NotEmpty(GrainInterfaces);
        Assert.Empty(GrainInterfaces.SelectMany(grain => grain.GetMethods().Cast<MemberInfo>().Prepend(grain))
            .Where(member => member.GetCustomAttribute<AliasAttribute>(inherit: false) is null)
            .Select(member => $"{member.DeclaringType?.Name}.{member.Name}"));
    }

    [Fact]
    public void Every_serialized_type_has_an_alias_of_its_own()
    {
        // Orleans makes types of its own for each call; ours are those with a place in the source.
        var types = Product.Where(type =>
            type.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false) is not null
            && type.Namespace?.StartsWith("OrderGrains", StringComparison.Ordinal) == true
            && !type.Name.Contains('_', StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(types);
        Assert.Empty(types.Where(type => type.GetCustomAttribute<AliasAttribute>(inherit: false) is null)
            .Select(type => type.Name));
        Assert.Empty(types
            .GroupBy(type => type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias, StringComparer.Ordinal)
            .Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void Every_method_of_a_grain_is_awaited_or_one_way_and_returns_a_task() => Assert.Empty(
        GrainInterfaces.SelectMany(grain => grain.GetMethods())
            .Where(method => !typeof(Task).IsAssignableFrom(method.ReturnType)
                && method.ReturnType != typeof(ValueTask)
                && !method.ReturnType.Name.StartsWith("ValueTask", StringComparison.Ordinal))
            .Select(method => $"{method.DeclaringType?.Name}.{method.Name}"));
}
