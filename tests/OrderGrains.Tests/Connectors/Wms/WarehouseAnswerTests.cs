using OrderGrains.Connectors;
using OrderGrains.Connectors.Wms;
using Xunit;

namespace OrderGrains.Tests.Connectors.Wms;

public sealed class WarehouseAnswerTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Theory]
    [InlineData(201, """{"warehouseOrderId":"W-1"}""", "W-1")]
    [InlineData(200, """{"note":{"deep":[1]},"warehouseOrderId":42}""", "42")]
    [InlineData(200, """{"warehouseOrderId":null}""", null)]
    [InlineData(200, "<html>", null)]
    [InlineData(200, """{"warehouseOrderId":"W""", null)]
    [InlineData(204, null, null)]
    public async Task A_release_that_is_taken_is_taken_whatever_its_body(int status, string? body, string? id) =>
        Assert.Equal(new WarehouseAnswer.Taken(id), await Release(status, body));

    [Fact]
    public async Task Each_code_of_a_release_has_its_meaning()
    {
        Assert.Equal(new WarehouseAnswer.TooLate(), await Release(409));
        Assert.Equal(
            new WarehouseAnswer.Refused("SKU A is unknown"), await Release(422, """{"detail":"SKU A is unknown"}"""));
        Assert.Equal(
            new WarehouseAnswer.Refused("422 Unprocessable Entity"), await Release(422, "oops"));
        Assert.Equal(
            new WarehouseAnswer.Refused("400 Bad body"), await Release(400, """{"title":"Bad body"}"""));
        Assert.Equal(new WarehouseAnswer.Refused("404 Not Found"), await Release(404));
        Assert.Equal(new WarehouseAnswer.Refused("301 Moved Permanently"), await Release(301));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Credentials_that_are_not_accepted_are_told_apart(int status) =>
        Assert.IsType<WarehouseAnswer.Unauthorized>(await Release(status));

    [Theory]
    [InlineData(408)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    public async Task What_may_pass_has_failed(int status)
    {
        Assert.IsType<WarehouseAnswer.Failed>(await Release(status));
        Assert.IsType<WarehouseAnswer.Failed>(await Find(status));
        Assert.IsType<WarehouseAnswer.Failed>(await Cancel(status));
    }

    [Fact]
    public async Task A_lookup_finds_the_order_or_its_cancellation_or_nothing()
    {
        Assert.Equal(
            new WarehouseAnswer.Taken("W-1"), await Find(200, """{"warehouseOrderId":"W-1","status":"picking"}"""));
        Assert.Equal(
            new WarehouseAnswer.Cancelled(), await Find(200, """{"warehouseOrderId":"W-1","status":"cancelled"}"""));
        Assert.Equal(new WarehouseAnswer.NotFound(), await Find(404));
        Assert.IsType<WarehouseAnswer.Refused>(await Find(410));
    }

    [Theory]
    [InlineData("<html>Welcome to our Wi-Fi</html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"status\":")]
    public async Task A_lookup_answered_by_no_JSON_object_has_failed(string body) =>
        Assert.Equal(new WarehouseAnswer.Failed("200 without a JSON object", null), await Find(200, body));

    [Fact]
    public async Task A_cancel_stops_the_order_or_is_too_late_or_finds_nothing()
    {
        Assert.Equal(new WarehouseAnswer.Cancelled(), await Cancel(200));
        Assert.Equal(new WarehouseAnswer.TooLate(), await Cancel(409));
        Assert.Equal(new WarehouseAnswer.NotFound(), await Cancel(404));
    }

    [Fact]
    public async Task Of_a_long_answer_the_beginning_is_read()
    {
        var padding = new string('x', 1024 * 1024);

        Assert.Equal(
            new WarehouseAnswer.Taken("W-1"),
            await Find(200, $$"""{"warehouseOrderId":"W-1","status":"picking","lines":["{{padding}}"]}"""));
        Assert.Equal(
            new WarehouseAnswer.Taken(null), await Release(200, $$"""{"a":"{{padding}}","warehouseOrderId":"W-1"}"""));
    }

    [Fact]
    public async Task A_detail_is_bounded_printable_and_without_our_secret()
    {
        var refused = Assert.IsType<WarehouseAnswer.Refused>(
            await Release(422, $$"""{"detail":"a\r\n\u0000b {{Secret}} {{new string('x', 1000)}}"}"""));

        Assert.StartsWith("a  \uFFFDb … xxx", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(500, refused.Detail.Length);
    }

    private static Task<WarehouseAnswer> Release(int status, string? body = null) =>
        Warehouse(status, body).ReleaseAsync("acme-1-1", "{}"u8.ToArray(), TestContext.Current.CancellationToken);

    private static Task<WarehouseAnswer> Find(int status, string? body = null) =>
        Warehouse(status, body).FindAsync("acme-1-1", TestContext.Current.CancellationToken);

    private static Task<WarehouseAnswer> Cancel(int status, string? body = null) =>
        Warehouse(status, body).CancelAsync("acme-1-1", TestContext.Current.CancellationToken);

    private static HttpWarehouse Warehouse(int status, string? body) => new(
        new HttpClient(ScriptedHandler.Answering(status, body)),
        new WarehouseOptions { BaseUrl = new Uri("http://wms.example"), Secrets = [Secret] },
        TimeProvider.System);
}
