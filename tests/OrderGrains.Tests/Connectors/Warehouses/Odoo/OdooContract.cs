using OrderGrains.Connectors;
using OrderGrains.Sandbox.Warehouses.Odoo;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Odoo;

/// <summary>What Odoo makes of what can come back over HTTP.</summary>
public sealed class OdooContract : DestinationContract, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    protected override MessageContent Content => ScriptedHandler.Take;

    /// <summary>An order that is there and confirmed.</summary>
    protected override string Proof =>
        """{"length":1,"records":[{"id":7,"name":"S00007","state":"sale","picking_ids":[]}]}""";

    protected override Type OutcomeWithoutProof => typeof(SendResult.Unknown);

    public void Dispose() => _http.Dispose();

    protected override IDestination Open(Uri url)
    {
        var options = OdooCalls.Options(url, Secret);
        options.TimeoutSeconds = 10;
        return new AsSent(OdooCalls.Destination(_http, options, Time));
    }

    protected override Type OutcomeOf(int status) => status switch
    {
        401 or 403 => typeof(SendResult.Unauthorized),
        425 or 429 => typeof(SendResult.Again),
        < 300 or 408 or >= 500 => typeof(SendResult.Unknown),
        _ => typeof(SendResult.Refused),
    };

    [Theory]
    [InlineData(422, "odoo.exceptions.UserError", "The period is closed.", typeof(SendResult.Refused),
        "422 The period is closed.")]
    [InlineData(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey", typeof(SendResult.Unauthorized),
        "401 Invalid apikey")]
    [InlineData(403, "odoo.exceptions.AccessError", "You are not allowed to do that", typeof(SendResult.Unauthorized),
        "403 You are not allowed to do that")]
    [InlineData(409, "odoo.exceptions.LockError", "hush", typeof(SendResult.Again),
        "409 odoo.exceptions.LockError in Odoo")]
    [InlineData(500, "psycopg2.errors.SerializationFailure", "hush", typeof(SendResult.Again),
        "500 psycopg2.errors.SerializationFailure in Odoo")]
    [InlineData(503, "builtins.MemoryError", "hush", typeof(SendResult.Again), "503 builtins.MemoryError in Odoo")]
    public async Task An_error_of_Odoos_has_its_meaning_and_its_traceback_is_not_kept(
        int status, string name, string message, Type outcome, string why)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(
            LoopbackPeer.Response(status, new OdooException(status, name, message).Body())));

        var result = await Open(peer.Url).SendAsync(
            Deliveries.Of(MessageKind.Release, content: Content), TestContext.Current.CancellationToken);

        Assert.Equal(outcome, result.GetType());
        Assert.Equal(why, result switch
        {
            SendResult.Refused refused => refused.Why,
            SendResult.Unauthorized unauthorized => unauthorized.Why,
            _ => ((SendResult.Failed)result).Why,
        });
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"length":0}""")]
    [InlineData("""{"records":7}""")]
    [InlineData("""{"records":[7]}""")]
    [InlineData("""{"records":[{"id":7,"name":"S1"}]}""")]
    [InlineData("""{"records":[{"id":7,"name":false,"state":"sale"}]}""")]
    public async Task A_200_that_proves_nothing_is_unknown(string body)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(200, body)));

        Assert.IsType<SendResult.Unknown>(await Open(peer.Url).SendAsync(
            Deliveries.Of(MessageKind.Release, content: Content), TestContext.Current.CancellationToken));
    }
}
