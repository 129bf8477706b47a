using System.Net;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Connectors.Proofs;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>
/// ShipStation's webhooks (docs.shipstation.com, "Webhook Payload Schemas"). A body is a hint,
/// <c>{"resource_url","resource_type"}</c>: the list at that address is fetched, of labels or fulfilments, each of
/// which becomes a receipt of its own; for that its shipment is fetched, which says whose it is and what is in it.
/// </summary>
internal sealed class ShipStationSource : IWebhookSource
{
    /// <summary>60 of the 200 requests in a minute that ShipStation counts.</summary>
    private static readonly TimeSpan FetchPause = TimeSpan.FromSeconds(1);

    private readonly ShipStationSourceOptions _options;
    private readonly ShipStationProof _proof;
    private readonly ShipStationHint _hint;
    private readonly ShipStationParcel _parcel;

    /// <param name="options">Its settings.</param>
    /// <param name="called">Networks that may be called although they are not public.</param>
    /// <param name="storefronts">Names of the storefront sources, to find the order of a reference.</param>
    public ShipStationSource(
        ShipStationSourceOptions options, IReadOnlyList<IPNetwork> called, IReadOnlyCollection<string> storefronts)
    {
        _options = options;
        Keys = new KeySet(options.KeysUrl!, FetchRules.At(
            options.KeysUrl!, new FetchOptions { TimeoutSeconds = options.TimeoutSeconds }, called));
        var fetch = FetchRules.At(
            options.BaseUrl!, new FetchOptions
            {
                Secret = options.ApiKey,
                Header = ShipStationAccess.KeyHeader,
                TimeoutSeconds = options.TimeoutSeconds,
                CallsAtOnceMax = 1,
            },
            called, FetchPause);
        Fetch = fetch;
        _proof = new ShipStationProof(Keys, options.TimestampTolerance);
        _hint = new ShipStationHint(fetch, storefronts);
        _parcel = new ShipStationParcel(options.BaseUrl!, storefronts);
    }

    public string? Warehouse => _options.Warehouse;

    public IFetching? Fetch { get; }

    public KeySet Keys { get; }

    /// <summary>The topic stays empty: the type stands in the body. Only receipts of our own making have one.</summary>
    public Verification Verify(WebhookRequest request, DateTimeOffset now) =>
        (Verification?)BodyMedia.Fault(request.Headers) ?? _proof.Verify(request, now);

    public string? Sign(TestCall call) => _proof.Sign(call);

    public Reading Read(Receipt receipt) =>
        receipt.Topic.Length == 0 ? _hint.Read(receipt) : _parcel.Read(receipt);
}
