using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class OpenApiTests
{
    private static readonly string[] Calls =
    [
        "get /api/v1/orders", "get /api/v1/orders/{source}/{orderId}", "post /api/v1/orders/{source}/{orderId}/hold",
        "post /api/v1/orders/{source}/{orderId}/resume", "post /api/v1/orders/{source}/{orderId}/cancel",
        "post /api/v1/orders/{source}/{orderId}/takeBack",
        "get /api/v1/stock", "get /api/v1/stock/{location}/{sku}", "put /api/v1/stock/{location}/{sku}",
        "get /api/v1/receipts", "get /api/v1/receipts/{id}", "get /api/v1/parked", "get /api/v1/parked/{id}",
        "get /api/v1/parked/groups", "post /api/v1/parked/{id}/resume", "post /api/v1/parked/{id}/discard",
        "post /api/v1/parked/resume", "post /api/v1/parked/discard", "get /api/v1/destinations", "get /api/v1/audit",
        "get /api/v1/sources", "post /api/v1/sources/{name}/read",
        "post /api/v1/sources/{name}/export", "post /api/v1/sources/{name}/redact",
        "post /api/v1/receipts/{id}/export",
        "post /api/v1/sources/{name}/test",
        "post /api/v1/destinations/{name}/pause", "post /api/v1/destinations/{name}/resume",
        "post /api/v1/subscribers/{name}/test", "get /api/v1/events", "get /api/v1/trail", "get /api/v1/trail/export",
        "get /api/v1/sessions", "post /api/v1/sessions/{id}/end", "get /api/v1/keys",
    ];

    [Fact]
    public async Task The_document_lists_every_call_with_its_errors()
    {
        await using var host = await ConsoleHost.StartAsync();
        var document = await host.Api(null).ReadAsync("/openapi/v1.json");
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()
                .Select(operation => (Call: $"{operation.Name} {path.Name}", operation.Value)))
            .ToDictionary(pair => pair.Call, pair => pair.Value, StringComparer.Ordinal);

        Assert.Equal(Calls.Order(StringComparer.Ordinal), operations.Keys.Order(StringComparer.Ordinal));
        foreach (var (call, operation) in operations)
        {
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("operationId").GetString()), call);
            Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()), call);
            var answers = operation.GetProperty("responses");
            foreach (var status in new[] { "200", "401", "403" })
                Assert.True(answers.TryGetProperty(status, out _), $"{call} {status}");
        }

        var scheme = document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Single();
        Assert.Equal("bearer", scheme.Value.GetProperty("scheme").GetString());
        Assert.True(document.GetProperty("security")[0].TryGetProperty(scheme.Name, out _));
        Assert.True(operations["put /api/v1/stock/{location}/{sku}"].TryGetProperty("requestBody", out _));
        var limit = operations["get /api/v1/orders"].GetProperty("parameters").EnumerateArray()
            .Single(parameter => parameter.GetProperty("name").GetString() == "limit");
        Assert.Equal(PageRequest.LimitMax, limit.GetProperty("schema").GetProperty("maximum").GetInt32());
    }
}
