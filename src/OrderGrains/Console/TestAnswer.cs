using System.Text.Json;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>
/// What a test was answered. Our own answers are told from those of whatever stands before us by their <c>code</c>.
/// </summary>
/// <param name="Status">The status.</param>
/// <param name="Receipt">The receipt of our own 200.</param>
/// <param name="Code">The code of our own refusal.</param>
/// <param name="Detail">The rule of our own refusal.</param>
/// <param name="Location">Where a redirect leads.</param>
internal sealed record TestAnswer(int Status, Guid? Receipt, string? Code, string? Detail, Uri? Location)
{
    private const int WordsCharsMax = 300;

    public static TestAnswer Of(int status, Uri? location, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return new TestAnswer(
                status, status == 200 && Guid.TryParse(Text(json, "receipt"), out var receipt) ? receipt : null,
                status == 200 ? null : Text(json, "code"), Text(json, "detail"), location);
        }
        catch (JsonException)
        {
            return new TestAnswer(status, null, null, null, location);
        }
    }

    /// <summary>Where it failed.</summary>
    public string Words() => Code switch
    {
        "address_not_allowed" => "it came as far as OrderGrains, which turned it away: the test comes from an address "
            + "outside the source's AllowedNetworks, as the sender's need not be",
        "https_required" => "it came as far as OrderGrains over plain HTTP: Ingress:PublicUrl must be https, and a "
            + "proxy before it must be one of Ingress:TrustedProxies and pass on X-Forwarded-Proto",
        "signature_invalid" => $"it came as far as OrderGrains, which turned it away ({Rule}): something on the way "
            + "changes the body, the path or a header, or the process there has other secrets or another clock",
        "media_type_unsupported" =>
            $"it came as far as OrderGrains, which turned it away ({Rule}): something on the way changes headers",
        "source_unknown" => "it came as far as OrderGrains, where no source has this name: another installation, or a "
            + "process with other settings",
        "inbox_unavailable" => "it came as far as OrderGrains, which could not store it: look at the database",
        not null => $"it came as far as OrderGrains, which turned it away: {Rule}",
        _ => $"{Status}, and not by OrderGrains: {Foreign()}",
    };

    private string Rule => Printable.Of(Detail ?? Code ?? "", WordsCharsMax);

    private string Foreign() => Status switch
    {
        < 300 => "something else answers there, to whatever comes",
        < 400 => $"it is sent on to {Printable.Of(Location?.OriginalString ?? "nowhere", WordsCharsMax)}, and senders "
            + "do not follow",
        401 or 403 or 407 => "something before it lets in only whom it knows, such as a firewall or a login",
        404 or 405 => "nothing takes webhooks there: look at the path in Ingress:PublicUrl, and at the proxy's",
        413 => "something before it takes only shorter bodies",
        429 => "something before it limits calls",
        502 or 503 or 504 => "the proxy before it reaches none of its processes",
        _ => "whatever stands before it failed, or refuses",
    };

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.ValueKind == JsonValueKind.Object
        && json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
