using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Shops.WooCommerce;

/// <summary>What a request is answered.</summary>
internal sealed record WooAnswer(int Status, JsonNode Body)
{
    public static WooAnswer Error(int status, string code, string message) =>
        new(status, ErrorNode(status, code, message));

    public static WooAnswer NoRoute() =>
        Error(404, "rest_no_route", "No route was found matching the URL and request method.");

    public static JsonObject ErrorNode(int status, string code, string message) => new()
    {
        ["code"] = code,
        ["message"] = message,
        ["data"] = new JsonObject { ["status"] = status },
    };
}

/// <summary>A request, and what may be said of it.</summary>
/// <param name="Method">GET, POST, PUT or DELETE.</param>
/// <param name="Path">Its parts behind <c>/wp-json/</c>.</param>
/// <param name="Query">As it was asked.</param>
/// <param name="Body">Null: it had none.</param>
/// <param name="Complain">Notes what no client may do.</param>
internal sealed record WooRequest(
    string Method, string[] Path, IQueryCollection Query, JsonObject? Body, Action<string> Complain)
{
    /// <summary>What was asked, with <c>#</c> for each id.</summary>
    public string Name => $"{Method} {string.Join('/', Path.Select((part, at) =>
        at > 2 && (part.All(char.IsAsciiDigit) || Path[at - 1] == "shipment-trackings") ? "#" : part))}";

    /// <summary>Complains of fields that a client of ours has no use for: it would write what is not ours.</summary>
    public void Only(JsonObject? body, params string[] names)
    {
        foreach (var (name, _) in body ?? [])
        {
            if (!names.Contains(name, StringComparer.Ordinal))
                Complain($"{Name}: writes {name}");
        }
    }
}
