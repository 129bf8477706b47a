using System.Net;
using System.Text;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses;

public sealed class WarehouseAnswerTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Theory]
    [InlineData(201, """{"warehouseOrderId":"W-1"}""", "W-1")]
    [InlineData(200, """{"note":{"deep":[1]},"warehouseOrderId":42}""", "42")]
    [InlineData(200, """{"reference":"ACME-1-1","warehouseOrderId":"W-1","status":"picking"}""", "W-1")]
    [InlineData(200, """{"warehouseOrderId":"W-1","success":true,"error":null,"errors":[],"is_success":"1"}""", "W-1")]
    [InlineData(200, """{"warehouseOrderId":"W-1","error":"","errors":{},"error_code":0,"status":200}""", "W-1")]
    [InlineData(201, "\uFEFF{\"warehouseOrderId\":\"W-1\"}\n", "W-1")]
    [InlineData(201, """{"n\ud800":"\udc00","warehouseOrderId":"W\ud800"}""", "W\uFFFD")]
    public async Task A_release_is_taken_when_its_answer_names_the_warehouses_order(
        int status, string body, string id) =>
        Assert.Equal(Said(new WarehouseAnswer.Taken(id)), await Release(status, body));

    [Theory]
    [InlineData(200, "", "200 without a JSON object")]
    [InlineData(200, "<html>", "200 without a JSON object")]
    [InlineData(200, "[{\"warehouseOrderId\":\"W-1\"}]", "200 without a JSON object")]
    [InlineData(201, """{"warehouseOrderId":"W""", "201 without a JSON object")]
    [InlineData(201, """{"warehouseOrderId":"W-1"}<html>""", "201 without a JSON object")]
    [InlineData(200, "{}", "200 without a warehouseOrderId")]
    [InlineData(200, """{"warehouseOrderId":null}""", "200 without a warehouseOrderId")]
    [InlineData(200, """{"warehouseOrderId":" "}""", "200 without a warehouseOrderId")]
    [InlineData(200, """{"warehouseOrderId":{"id":1}}""", "200 without a warehouseOrderId")]
    [InlineData(200, """{"data":{"warehouseOrderId":"W-1"}}""", "200 without a warehouseOrderId")]
    [InlineData(200, """{"warehouseOrderId":"W-1","reference":"acme-1-2"}""", "200 with another reference than ours")]
    [InlineData(200, """{"warehouseOrderId":"W-1","status":"cancelled"}""", "200 of an order that is cancelled")]
    [InlineData(202, """{"warehouseOrderId":"W-1"}""", "202 which does not say that the order is taken")]
    [InlineData(204, null, "204 which does not say that the order is taken")]
    public async Task Without_proof_of_it_a_release_is_not_taken(int status, string? body, string detail) =>
        Assert.Equal(new SendResult.Unknown(detail), await Release(status, body));

    [Theory]
    [InlineData(""" "success":false """, "")]
    [InlineData(""" "success":"False" """, "")]
    [InlineData(""" "success":false,"success":true """, "")]
    [InlineData(""" "is_success":0 """, "")]
    [InlineData(""" "isSuccess":"0" """, "")]
    [InlineData(""" "ok":false,"message":"no stock" """, ": no stock")]
    [InlineData(""" "error":"SKU A is unknown" """, ": SKU A is unknown")]
    [InlineData(""" "error":{"code":7} """, "")]
    [InlineData(""" "errors":["SKU A is unknown"] """, "")]
    [InlineData(""" "error_code":17 """, "")]
    [InlineData(""" "status":"Error" """, "")]
    [InlineData(""" "status":503,"title":"Busy" """, ": Busy")]
    public async Task An_answer_that_says_that_it_failed_has_failed_whatever_its_code(string said, string words)
    {
        var body = $$"""{"reference":"acme-1-1","warehouseOrderId":"W-1",{{said}}}""";
        var failed = new SendResult.Unknown($"200 but the answer says that it failed{words}");

        Assert.Equal(failed, await Release(200, body));
        Assert.Equal(failed, await Find(200, body));
        Assert.Equal(failed, await Cancel(200, body));
    }

    [Fact]
    public async Task Each_code_of_a_release_has_its_meaning()
    {
        Assert.Equal(Said(new WarehouseAnswer.TooLate()), await Release(409));
        Assert.Equal(
            new SendResult.Refused("SKU A is unknown"), await Release(422, """{"detail":"SKU A is unknown"}"""));
        Assert.Equal(
            new SendResult.Refused("422 Unprocessable Entity"), await Release(422, "oops"));
        Assert.Equal(
            new SendResult.Refused("400 Bad body"), await Release(400, """{"title":"Bad body"}"""));
        Assert.Equal(new SendResult.Refused("404 Not Found"), await Release(404));
        Assert.Equal(new SendResult.Refused("301 Moved Permanently"), await Release(301));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Credentials_that_are_not_accepted_are_told_apart(int status) =>
        Assert.IsType<SendResult.Unauthorized>(await Release(status));

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    public async Task What_may_pass_leaves_open_what_happened(int status)
    {
        Assert.IsType<SendResult.Unknown>(await Release(status));
        Assert.IsType<SendResult.Unknown>(await Find(status));
        Assert.IsType<SendResult.Unknown>(await Cancel(status));
    }

    [Theory]
    [InlineData(425)]
    [InlineData(429)]
    public async Task What_was_not_looked_at_did_not_happen(int status) =>
        Assert.IsType<SendResult.Again>(await Release(status));

    [Fact]
    public async Task A_lookup_finds_the_order_or_its_cancellation_or_nothing()
    {
        Assert.Equal(
            Said(new WarehouseAnswer.Taken("W-1")),
            await Find(200, """{"reference":"Acme-1-1","warehouseOrderId":"W-1","status":"picking"}"""));
        Assert.Equal(Said(new WarehouseAnswer.Taken(null)), await Find(200, """{"reference":"acme-1-1"}"""));
        Assert.Equal(
            Said(new WarehouseAnswer.Cancelled()), await Find(200, """{"reference":"acme-1-1","status":"Canceled"}"""));
        Assert.Equal(Said(new WarehouseAnswer.NotFound()), await Find(404));
        Assert.Equal(Said(new WarehouseAnswer.NotFound()), await Find(404, "<html>"));
        Assert.IsType<SendResult.Refused>(await Find(410));
    }

    [Theory]
    [InlineData("<html>Welcome to our Wi-Fi</html>", "200 without a JSON object")]
    [InlineData("", "200 without a JSON object")]
    [InlineData("[]", "200 without a JSON object")]
    [InlineData("{\"status\":", "200 without a JSON object")]
    [InlineData("""{"warehouseOrderId":"W-1"}""", "200 without our reference")]
    [InlineData("""{"reference":"acme-1-11"}""", "200 with another reference than ours")]
    public async Task A_lookup_that_does_not_show_our_order_has_failed(string body, string detail) =>
        Assert.Equal(new SendResult.Unknown(detail), await Find(200, body));

    [Theory]
    [InlineData("""{"cancelled":true}""")]
    [InlineData("""{"status":"cancelled"}""")]
    [InlineData("""{"warehouseOrderId":"W-1","status":"Canceled"}""")]
    public async Task A_cancel_has_stopped_the_order_when_the_answer_says_so(string body) =>
        Assert.Equal(Said(new WarehouseAnswer.Cancelled()), await Cancel(200, body));

    [Theory]
    [InlineData(200, "{}", "200 which does not say that the order is stopped")]
    [InlineData(200, """{"reference":"ACME-1-1"}""", "200 which does not say that the order is stopped")]
    [InlineData(200, null, "200 without a JSON object")]
    [InlineData(200, "<html>", "200 without a JSON object")]
    [InlineData(200, "[]", "200 without a JSON object")]
    [InlineData(200, """{"status":"picked"}""", "200 with a status that is not cancelled")]
    [InlineData(200, """{"cancelled":false}""", "200 with a status that is not cancelled")]
    [InlineData(200, """{"reference":"acme-2-1","status":"cancelled"}""", "200 with another reference than ours")]
    [InlineData(202, """{"status":"cancelled"}""", "202 which does not say that the order is stopped")]
    [InlineData(204, null, "204 which does not say that the order is stopped")]
    [InlineData(404, "<html>", "404 with a page or a text, not JSON")]
    [InlineData(404, "Not found", "404 with a page or a text, not JSON")]
    [InlineData(409, "<html>", "409 with a page or a text, not JSON")]
    public async Task A_cancel_without_proof_has_stopped_nothing(int status, string? body, string detail) =>
        Assert.Equal(new SendResult.Unknown(detail), await Cancel(status, body));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("\"picked\"")]
    [InlineData("""{"error":"picked already"}""")]
    public async Task Too_late_and_unknown_need_no_body_but_no_page_either(string? body)
    {
        Assert.Equal(Said(new WarehouseAnswer.TooLate()), await Cancel(409, body));
        Assert.Equal(Said(new WarehouseAnswer.TooLate()), await Release(409, body));
        Assert.Equal(Said(new WarehouseAnswer.NotFound()), await Cancel(404, body));
    }

    [Fact]
    public async Task An_empty_page_is_a_page_and_JSON_is_JSON_under_any_name()
    {
        var cancelled = TestContext.Current.CancellationToken;

        Assert.IsType<SendResult.Unknown>(await Page(404, "").CancelAsync("acme-1-1", Deliveries.Attempt, cancelled));
        Assert.Equal(
            Said(new WarehouseAnswer.Taken("W-1")),
            await Page(201, """{"warehouseOrderId":"W-1"}""")
                .ReleaseAsync(ScriptedHandler.Take, Deliveries.Attempt, cancelled));
    }

    [Fact]
    public async Task Of_a_long_answer_the_beginning_is_read()
    {
        var padding = new string('x', 1024 * 1024);

        Assert.Equal(
            Said(new WarehouseAnswer.Taken("W-1")),
            await Find(200, $$"""{"reference":"acme-1-1","warehouseOrderId":"W-1","lines":["{{padding}}"]}"""));
        Assert.Equal(
            Said(new WarehouseAnswer.Taken("W-1")),
            await Release(200, $$"""{"warehouseOrderId":"W-1","lines":[{"sku":"{{padding}}"}]}"""));
        Assert.Equal(
            new SendResult.Unknown("200 without a warehouseOrderId"),
            await Release(200, $$"""{"a":"{{padding}}","warehouseOrderId":"W-1"}"""));
    }

    [Fact]
    public async Task What_an_unproven_answer_says_is_bounded_and_without_our_secret()
    {
        var failed = Assert.IsType<SendResult.Unknown>(
            await Release(200, $$"""{"success":false,"message":"{{Secret}} {{new string('x', 1000)}}"}"""));

        Assert.StartsWith("200 but the answer says that it failed: … xxx", failed.Why, StringComparison.Ordinal);
        Assert.Equal(500, failed.Why.Length);
    }

    [Fact]
    public async Task A_detail_is_bounded_printable_and_without_our_secret()
    {
        var refused = Assert.IsType<SendResult.Refused>(
            await Release(422, $$"""{"detail":"a\r\n\u0000b {{Secret}} {{new string('x', 1000)}}"}"""));

        Assert.StartsWith("a  \uFFFDb … xxx", refused.Why, StringComparison.Ordinal);
        Assert.Equal(500, refused.Why.Length);
    }

    private static SendResult.Delivered Said(WarehouseAnswer answer) => new(answer);

    private static Task<SendResult> Release(int status, string? body = null) =>
        Warehouse(status, body)
            .ReleaseAsync(ScriptedHandler.Take, Deliveries.Attempt, TestContext.Current.CancellationToken);

    private static Task<SendResult> Find(int status, string? body = null) =>
        Warehouse(status, body).FindAsync("acme-1-1", Deliveries.Attempt, TestContext.Current.CancellationToken);

    private static Task<SendResult> Cancel(int status, string? body = null) =>
        Warehouse(status, body).CancelAsync("acme-1-1", Deliveries.Attempt, TestContext.Current.CancellationToken);

    private static HttpWarehouse Warehouse(int status, string? body) =>
        Warehouse(ScriptedHandler.Answering(status, body));

    private static HttpWarehouse Page(int status, string body) => Warehouse(new ScriptedHandler((_, _) =>
        Task.FromResult(new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StringContent(body, Encoding.UTF8, "text/html"),
        })));

    private static HttpWarehouse Warehouse(ScriptedHandler wms) => new(
        new HttpClient(wms),
        new HttpWarehouseOptions { BaseUrl = new Uri("http://wms.example"), Secrets = [Secret] },
        TimeProvider.System);
}
