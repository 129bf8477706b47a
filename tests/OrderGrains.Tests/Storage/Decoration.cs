using Microsoft.Extensions.DependencyInjection;

namespace OrderGrains.Tests.Storage;

/// <summary>Puts a test's own port before the product's.</summary>
internal static class Decoration
{
    public static void StandBefore<T>(this IServiceCollection services, Func<T, T> make)
        where T : class
    {
        var own = services.Single(service => service.ServiceType == typeof(T));
        services.Remove(own);
        services.AddSingleton(provider => make((T)(own.ImplementationFactory is { } create
            ? create(provider)
            : ActivatorUtilities.CreateInstance(provider, own.ImplementationType!))));
    }
}
