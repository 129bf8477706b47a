using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrderGrains.Sandbox.Shops;

namespace OrderGrains.Bench.Load;

/// <summary>What the bodies of one run look like.</summary>
/// <param name="BodyBytes">The least size; a body is padded with note attributes up to it.</param>
/// <param name="Lines">Lines of an order, each of one unit of another SKU.</param>
/// <param name="Skus">How many SKUs the orders draw from; 1 is the hot one.</param>
/// <param name="Paid">Unpaid orders reach no warehouse.</param>
internal sealed record OrderShape(int BodyBytes, int Lines, int Skus, bool Paid = true)
{
    public const int SkusMax = 10_000;

    public static OrderShape Ordinary { get; } = new(3 * 1024, 2, 1000);

    public static OrderShape Large { get; } = Ordinary with { BodyBytes = 28 * 1024 };

    public static OrderShape Hot { get; } = Ordinary with { Lines = 1, Skus = 1 };

    public static OrderShape Unpaid { get; } = Ordinary with { Paid = false };

    public IEnumerable<string> AllSkus => Enumerable.Range(0, Skus).Select(Sku);

    public static string Sku(int index) => string.Create(CultureInfo.InvariantCulture, $"SKU-{index:0000}");
}

/// <summary>
/// One order as the make-believe shop writes it, whole request and all, with the places where orders differ. An
/// order is made by writing a handful of digits, so the load costs little memory and little time.
/// </summary>
internal sealed class OrderTemplate
{
    public const string Source = "acme";
    public const string Secret = "make-believe-client-secret";
    public const int NumbersMax = 50_000_000;

    /// <summary>Numbers of one width: the places in the template stay where they are.</summary>
    private const long OrdersBefore = 10_000_000;

    private const long FirstId = Shop.FirstOrderId + (OrdersBefore * 16);
    private const string NoSignature = "SIGNATURE-SIGNATURE-SIGNATURE-SIGNATURE-44--";
    private const string NoDelivery = "00000000-0000-4000-8000-DELIVERY-012";

    private static readonly byte[] Key = Encoding.UTF8.GetBytes(Secret);

    private readonly OrderShape _shape;
    private readonly byte[] _request;
    private readonly int _bodyAt;
    private readonly List<(int At, Func<long, long> Digits, int Width)> _digits = [];
    private readonly List<(int At, int Line)> _skus = [];
    private readonly int _signatureAt;
    private readonly int _deliveryAt;

    /// <param name="shape">What the bodies look like.</param>
    /// <param name="time">The shop's clock.</param>
    /// <param name="source">Who sends them.</param>
    public OrderTemplate(OrderShape shape, TimeProvider time, string source = Source)
    {
        _shape = shape;
        using var unused = new HttpClient();
        var shop = new Shop(source, Secret, () => throw new InvalidOperationException(), time, 1, unused)
        {
            OrdersBefore = OrdersBefore,
        };
        var lines = Enumerable.Range(0, shape.Lines)
            .Select(line => (new CatalogueItem(OrderShape.Sku(line), "Tea of the house, 250 g", 12.50m), 1)).ToList();
        var delivery = shop.Place(shape.Paid, lines);
        var body = Pad(Encoding.UTF8.GetString(delivery.Body.Span), shape.BodyBytes);
        var headers = $"""
            POST /webhooks/v1/{source} HTTP/1.1
            Host: 127.0.0.1
            Content-Type: application/json
            Content-Length: {body.Length}

            """;
        foreach (var (name, value) in delivery.Headers) headers += $"{name}: {Mark(name, value)}\n";
        headers = headers.ReplaceLineEndings("\r\n") + "\r\n";
        var text = headers + body;
        _request = Encoding.ASCII.GetBytes(text);
        _bodyAt = headers.Length;
        _signatureAt = text.IndexOf(NoSignature, StringComparison.Ordinal);
        _deliveryAt = text.IndexOf(NoDelivery, StringComparison.Ordinal);

        var order = shop.Find(delivery.OrderId)!;
        Find(text, order.Id, number => IdOf(number));
        Find(text, order.Number, number => order.Number + number);
        Find(text, order.Number - 1000, number => order.Number - 1000 + number);
        for (var line = 0; line < shape.Lines; line++)
        {
            var (id, at) = (order.Lines[line].Id, line);
            Find(text, id, number => id + (number * 16));
            foreach (var place in Places(text, $"\"{OrderShape.Sku(line)}\"")) _skus.Add((place + 1, at));
        }
    }

    /// <summary>The bytes of one request, a copy for a connection of its own.</summary>
    public byte[] Copy() => [.. _request];

    public int BodyBytes => _request.Length - _bodyAt;

    /// <summary>The shop's id of the order of this number, from 0 on.</summary>
    public static long IdOf(long number) => FirstId + (number * 16);

    /// <summary>The number of the order of this id; below 0 or above the last when it is none of ours.</summary>
    public static long NumberOf(long id) => (id - FirstId) / 16;

    /// <summary>The SKU of a line: spread over all, and another for each line of an order.</summary>
    public int SkuOf(long number, int line)
    {
        var mixed = unchecked((ulong)number * 0x9E3779B97F4A7C15UL) >> 33;
        return (int)((mixed + (ulong)(line * 7)) % (ulong)_shape.Skus);
    }

    /// <summary>Writes the order of this number over the one before.</summary>
    public void Write(Span<byte> request, long number, ReadOnlySpan<byte> digest)
    {
        WriteBody(request, number);
        Base64.EncodeToUtf8(digest, request.Slice(_signatureAt, 44), out _, out _);
        WriteDigits(request.Slice(_deliveryAt + 24, 12), number);
    }

    /// <summary>The signature's 32 bytes for the order of this number.</summary>
    public void Sign(Span<byte> scratch, long number, Span<byte> digest)
    {
        WriteBody(scratch, number);
        HMACSHA256.HashData(Key, scratch[_bodyAt..], digest);
    }

    private void WriteBody(Span<byte> request, long number)
    {
        foreach (var (at, digits, width) in _digits) WriteDigits(request.Slice(at, width), digits(number));
        foreach (var (at, line) in _skus) WriteDigits(request.Slice(at + 4, 4), SkuOf(number, line));
    }

    private static void WriteDigits(Span<byte> to, long value)
    {
        for (var at = to.Length - 1; at >= 0; at--)
        {
            to[at] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private void Find(string text, long sample, Func<long, long> digits)
    {
        var written = sample.ToString(CultureInfo.InvariantCulture);
        foreach (var at in Places(text, written)) _digits.Add((at, digits, written.Length));
    }

    private static IEnumerable<int> Places(string text, string sought)
    {
        for (var at = text.IndexOf(sought, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(sought, at + sought.Length, StringComparison.Ordinal))
            yield return at;
    }

    private static string Mark(string header, string value) => header switch
    {
        "X-Shopify-Hmac-Sha256" => NoSignature,
        "X-Shopify-Webhook-Id" => NoDelivery,
        _ => value,
    };

    /// <summary>Real orders are as large as this by what shops and apps note on them.</summary>
    private static string Pad(string body, int bytes)
    {
        const string Start = "\"note_attributes\":[";
        var padding = new StringBuilder();
        for (var note = 0; body.Length + padding.Length < bytes; note++)
        {
            padding.Append(CultureInfo.InvariantCulture,
                $$"""{"name":"engraving {{note:000}}","value":"For the house at the lake, with love"},""");
        }
        return body.Replace(Start, Start + padding, StringComparison.Ordinal);
    }
}
