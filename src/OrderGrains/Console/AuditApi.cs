using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderGrains.Console;

/// <summary><c>/api/v1/audit</c></summary>
internal static class AuditApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/audit", CountAsync).WithName("audit").WithTags("Audit")
            .WithSummary("Counts every receipt, message and reservation, and says whether all adds up.");

    public static async Task<Ok<AuditView>> CountAsync(Auditor auditor) => TypedResults.Ok(await auditor.CountAsync());
}
