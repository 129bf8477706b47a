using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Connectors.Warehouses.Tryton;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Tryton;

/// <summary>What Tryton makes of what can come back over HTTP, once it is logged in.</summary>
public sealed class TrytonContract : DestinationContract, IDisposable
{
    /// <summary>A peer that breaks an answer off is called anew on another connection.</summary>
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
    });

    protected override MessageContent Content => ScriptedHandler.Take;

    /// <summary>A company, and a shipment of it.</summary>
    protected override string Proof =>
        """{"id":1,"result":[{"id":1,"currency":1,"number":"7","state":"assigned","_timestamp":"1"}]}""";

    protected override Type OutcomeWithoutProof => typeof(SendResult.Unknown);

    public void Dispose() => _http.Dispose();

    protected override IDestination Open(Uri url)
    {
        var options = TrytonCalls.Options(url, Secret);
        options.TimeoutSeconds = 10;
        var api = new TrytonApi(_http, options, Time);
        api.Know("a-session");
        return new AsSent(new WarehouseDestination(new TrytonWarehouse(api, options, new TrytonCompany(1, 1))));
    }

    /// <summary>Whoever is not known there logs in, which is answered in the same way.</summary>
    protected override int CallsOf(int status) => status is 401 or 403 ? 2 : 1;

    protected override Type OutcomeOf(int status) => status switch
    {
        401 or 403 => typeof(SendResult.Unauthorized),
        425 or 429 => typeof(SendResult.Again),
        < 300 or 408 or >= 500 => typeof(SendResult.Unknown),
        _ => typeof(SendResult.Refused),
    };

    [Theory]
    [InlineData("""["UserError",["The period is closed.","",null]]""", typeof(SendResult.Refused),
        "Tryton says: The period is closed.")]
    [InlineData("""["UserWarning",["w","Are you sure?",""]]""", typeof(SendResult.Refused),
        "Tryton says: Are you sure?")]
    [InlineData("""["ConcurrencyException","Records were modified"]""", typeof(SendResult.Again),
        "its records have changed meanwhile")]
    [InlineData("""["'boom'","Traceback (most recent call last): hush"]""", typeof(SendResult.Unknown),
        "an error in Tryton: 'boom'")]
    [InlineData("""[7,{"a":"hush"}]""", typeof(SendResult.Unknown), "an error in Tryton: ")]
    [InlineData("\"hush\"", typeof(SendResult.Unknown), "an error in Tryton: ")]
    public async Task An_error_is_a_200_and_has_its_meaning(string error, Type outcome, string why)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(
            LoopbackPeer.Response(200, $$"""{"id":1,"error":{{error}}}""")));

        var result = await Open(peer.Url).SendAsync(
            Deliveries.Of(MessageKind.Release, content: Content), TestContext.Current.CancellationToken);

        Assert.Equal(outcome, result.GetType());
        Assert.Equal(why, result is SendResult.Refused refused ? refused.Why : ((SendResult.Failed)result).Why);
    }

    [Theory]
    [InlineData("""{"id":2,"result":[]}""")]
    [InlineData("""{"result":[]}""")]
    [InlineData("""{"id":1}""")]
    [InlineData("""{"id":1,"result":null}""")]
    [InlineData("""{"id":1,"result":[7]}""")]
    [InlineData("""{"id":1,"result":[{"id":1,"state":"assigned"}]}""")]
    [InlineData("""["id",1]""")]
    public async Task A_200_that_proves_nothing_is_unknown(string body)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(200, body)));

        Assert.IsType<SendResult.Unknown>(await Open(peer.Url).SendAsync(
            Deliveries.Of(MessageKind.Release, content: Content), TestContext.Current.CancellationToken));
    }
}
