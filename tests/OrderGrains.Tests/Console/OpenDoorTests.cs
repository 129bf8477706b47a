using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Console;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>Every route of the whole product says who may use it.</summary>
[Collection(nameof(RunningProduct))]
public sealed class OpenDoorTests(RunningProduct product)
{
    /// <summary>What asks for no role: each proves itself in its own way, or holds nothing of anybody.</summary>
    private static readonly string[] Open =
    [
        "/health/live", "/health/ready", "/metrics", "/webhooks/v1/{source}", "/openapi/{documentName}.json",
        "/console/console.css", "/console/console.js", "/console/icon.svg", "login", "console/problem",
    ];

    [Fact]
    public void A_route_without_a_role_is_one_of_a_few()
    {
        var routes = product.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>().ToList();
        Assert.NotEmpty(routes);

        var open = routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null
                || Access.RoleOf(route.Metadata) is null)
            .Select(route => route.RoutePattern.RawText!).Distinct(StringComparer.Ordinal);

        Assert.Equal(Open.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_dashboard_is_for_operators() => Assert.All(
        product.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(
            route => route.RoutePattern.RawText!.StartsWith(Dashboard.Path, StringComparison.Ordinal)),
        route => Assert.Equal(ApiRole.Operator, Access.RoleOf(route.Metadata)));
}
