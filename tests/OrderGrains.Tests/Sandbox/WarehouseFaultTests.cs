using System.Net;
using OrderGrains.Sandbox.Warehouses;
using Xunit;

namespace OrderGrains.Tests.Sandbox;

public sealed class WarehouseFaultTests : IAsyncLifetime
{
    private const string Reference = "acme-1-1";

    private readonly OpenWarehouse _open = new(TimeProvider.System, TimeSpan.FromHours(1));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Warehouse Warehouse => _open.Warehouse;

    private bool IsTaken => Warehouse.Book.Find(Reference) is not null;

    public async ValueTask InitializeAsync() => await Warehouse.StartAsync(Cancellation);

    public ValueTask DisposeAsync() => _open.DisposeAsync();

    [Fact]
    public async Task A_dripping_answer_is_whole_at_its_end()
    {
        Warehouse.Faults.Enqueue(new Fault.Drip(TimeSpan.FromMilliseconds(30)));
        using var answer = await _open.PutAsync(Reference, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("{\"warehouseOrderId\":\"W000001\"}", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData(200, "<html></html>", true)]
    [InlineData(201, "{\"success\":false}", false)]
    [InlineData(200, "", true)]
    [InlineData(204, "", false)]
    public async Task Garbage_says_nothing_of_whether_it_was_done(int code, string body, bool done)
    {
        Warehouse.Faults.Enqueue(new Fault.Garbage(code, body, done));
        using var answer = await _open.PutAsync(Reference, Cancellation);
        Assert.Equal(code, (int)answer.StatusCode);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(done, IsTaken);
    }

    [Fact]
    public async Task A_huge_answer_comes_as_a_stream_that_nobody_has_to_read_to_its_end()
    {
        Warehouse.Faults.Enqueue(new Fault.Huge(50_000_000, Done: true));
        using var answer = await _open.PutAsync(
            Reference, Cancellation, completion: HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(answer.Content.Headers.ContentLength);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadExactlyAsync(new byte[1_000_000], Cancellation);
        Assert.True(IsTaken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broken_connection_says_nothing_of_whether_it_was_done(bool done)
    {
        Warehouse.Faults.Enqueue(new Fault.Abort(done));
        await Assert.ThrowsAsync<HttpRequestException>(() => _open.PutAsync(Reference, Cancellation));
        Assert.Equal(done, IsTaken);
    }

    [Fact]
    public async Task A_no_to_a_new_order_is_in_the_book_and_a_taken_one_is_served()
    {
        Warehouse.Faults.Enqueue(new Fault.Refuse());
        using var no = await _open.PutAsync(Reference, Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, no.StatusCode);
        Assert.Contains("detail", await no.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal([Reference], Warehouse.Book.RefusedByAnswer);
        Assert.False(IsTaken);

        using var yes = await _open.PutAsync(Reference, Cancellation);
        Warehouse.Faults.Enqueue(new Fault.Refuse());
        using var change = await _open.PutAsync(Reference, Cancellation, quantity: 3);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (yes.StatusCode, change.StatusCode));
    }

    [Fact]
    public async Task A_redirect_leads_where_nobody_may_follow()
    {
        Warehouse.Faults.Enqueue(new Fault.Refuse(307));
        using var answer = await _open.PutAsync(Reference, Cancellation);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, answer.StatusCode);
        Assert.Empty(Warehouse.Book.Complaints);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var followed = await http.PutAsync(
            new Uri(Warehouse.BaseUrl, answer.Headers.Location!), content: null, Cancellation);
        Assert.Single(Warehouse.Book.Complaints);
    }
}
