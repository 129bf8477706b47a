using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderGrains.Console;

/// <summary><c>/api/v1/destinations</c></summary>
internal static class DestinationsApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/destinations", ListAsync).WithName("listDestinations").WithTags("Destinations")
            .WithSummary("Every destination: breaker, rate, what waits and since when.");

    public static async Task<Ok<Page<DestinationView>>> ListAsync(DestinationList destinations) =>
        TypedResults.Ok(new Page<DestinationView>(await destinations.ListAsync(), null));
}
