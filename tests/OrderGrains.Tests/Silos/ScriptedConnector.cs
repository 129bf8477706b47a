using System.Collections.Concurrent;
using System.Text;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Silos;

/// <summary>A connector whose bodies are names of readings that the test has prepared.</summary>
internal sealed class ScriptedConnector(string? warehouse = null, ScriptedConnector? of = null) : IWebhookSource
{
    private readonly ConcurrentDictionary<string, Func<Reading>> _readings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _reads = new(StringComparer.Ordinal);

    public void Means(string body, Func<Reading> reading) => _readings[body] = reading;

    public void Means(string body, OrderChange change, string eventKey) =>
        Means(body, () => new Reading.Understood(change, eventKey));

    /// <summary>How often a body was read.</summary>
    public int Reads(string body) => _reads.GetValueOrDefault(body);

    public string? Warehouse => warehouse;

    public Verification Verify(WebhookRequest request, DateTimeOffset now) =>
        new Verification.Authentic("orders/updated", null);

    public Reading Read(Receipt receipt)
    {
        if (of is not null)
            return of.Read(receipt);
        var body = Encoding.UTF8.GetString(receipt.Body.Span);
        _reads.AddOrUpdate(body, 1, static (_, count) => count + 1);
        return _readings[body]();
    }
}
