using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Warehouses.Odoo;

/// <summary>
/// A make-believe Odoo 19 on loopback that speaks JSON-2, as strict as the real one: it knows its own fields, methods
/// and arguments alone, makes each call a transaction, and takes the same reference as often as it is told. Written
/// from Odoo's documentation and sources.
/// </summary>
/// <param name="key">The API key that it takes.</param>
/// <param name="stock">Units on hand by SKU, all in one warehouse.</param>
/// <param name="time">Its clock.</param>
public sealed class OdooServer(string key, IReadOnlyDictionary<string, int> stock, TimeProvider time) : IAsyncDisposable
{
    public const string Database = "ours";

    /// <summary>Arguments of each method, beside <c>ids</c> and <c>context</c>.</summary>
    private static readonly Dictionary<string, string[]> Arguments = new(StringComparer.Ordinal)
    {
        ["web_search_read"] = ["domain", "specification", "offset", "limit", "order", "count_limit"],
        ["create"] = ["vals_list"],
        ["fields_get"] = ["allfields", "attributes"],
        ["write"] = ["vals"],
        ["action_confirm"] = [],
        ["action_cancel"] = [],
    };

    private WebApplication? _host;
    private int _calls;

    /// <summary>For <c>BaseUrl</c>. Known once started.</summary>
    public Uri BaseUrl => new(_host!.Urls.First());

    public OdooBook Book { get; } = new(stock, time);

    public FaultScript Faults { get; } = new();

    /// <summary>All calls so far, refused ones too.</summary>
    public int Calls => _calls;

    public async Task StartAsync(CancellationToken cancellation) => _host = await SandboxHost.StartAsync(
        new IPEndPoint(IPAddress.Loopback, 0),
        routes => routes.MapPost("/json/2/{model}/{method}", ServeAsync), cancellation);

    public async ValueTask DisposeAsync() => await SandboxHost.EndAsync(_host);

    private async Task ServeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _calls);
        var (model, method) = ((string)context.GetRouteValue("model")!, (string)context.GetRouteValue("method")!);
        var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var arguments = body as JsonObject ?? [];
        var subject = arguments["vals_list"]?[0]?["client_order_ref"]?.ToString() ?? "";
        await FaultedCall.ServeAsync(
            context, new WarehouseCall(KindOf(model, method), subject), Faults, time, Admit,
            () => Answer(model, method, arguments));
    }

    private static CallKind KindOf(string model, string method) => (model, method) switch
    {
        ("sale.order", "create") => CallKind.TakeOrder,
        ("sale.order", "action_confirm") => CallKind.ConfirmOrder,
        ("sale.order", "action_cancel") => CallKind.CancelOrder,
        ("sale.order", _) => CallKind.FindOrder,
        ("stock.picking", _) => CallKind.FetchNews,
        ("stock.warehouse", _) => CallKind.CountStock,
        _ => CallKind.FindProduct,
    };

    /// <summary>Null when the call may go on; otherwise what it is answered.</summary>
    private IResult? Admit(HttpContext context)
    {
        if (!AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var sent)
            || !sent.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) || sent.Parameter != key)
            return Wrong(new OdooException(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey"));
        return context.Request.Headers["X-Odoo-Database"] == Database ? null
            : Wrong(new OdooException(404, "werkzeug.exceptions.NotFound", "No database is selected"));
    }

    private IResult Answer(string model, string method, JsonObject arguments)
    {
        try
        {
            return Results.Text(
                Call(model, method, arguments)?.ToJsonString() ?? "null", "application/json", Encoding.UTF8);
        }
        catch (OdooException wrong)
        {
            return Wrong(wrong);
        }
    }

    private static IResult Wrong(OdooException wrong) =>
        Results.Text(wrong.Body(), "application/json", Encoding.UTF8, wrong.Status);

    private JsonNode? Call(string model, string method, JsonObject arguments)
    {
        if (!OdooSchema.Models.ContainsKey(model))
            throw new OdooException(404, "werkzeug.exceptions.NotFound", $"the model '{model}' does not exist");
        if (!Arguments.TryGetValue(method, out var known)
            || (method.StartsWith("action_", StringComparison.Ordinal) && model != "sale.order"))
        {
            throw new OdooException(
                404, "werkzeug.exceptions.NotFound", $"The method '{model}.{method}' does not exist");
        }
        if (arguments.Select(a => a.Key)
            .FirstOrDefault(a => a is not ("ids" or "context") && !known.Contains(a)) is { } unknown)
            throw Unprocessable($"got an unexpected keyword argument '{unknown}'");
        var ids = arguments["ids"]?.AsArray().Select(id => (int)id!).ToArray() ?? [];
        if (method is "web_search_read" or "create" or "fields_get" && ids.Length > 0)
            throw Unprocessable($"cannot call {model}.{method} with ids");
        var context = arguments["context"]?.AsObject() ?? [];
        switch (method)
        {
            case "web_search_read":
                return Book.Search(
                    model, Needed(arguments, "domain").AsArray(), Needed(arguments, "specification").AsObject(),
                    (string?)arguments["order"], (int?)arguments["offset"] ?? 0,
                    (int?)arguments["limit"] ?? int.MaxValue, context);
            case "create":
                return new JsonArray([.. Needed(arguments, "vals_list").AsArray()
                    .Select(values => (JsonNode)Make(model, values!.DeepClone().AsObject()))]);
            case "fields_get":
                return Fields(model, Needed(arguments, "allfields").AsArray());
            case "write":
                foreach (var id in ids) Book.Write(model, id, Needed(arguments, "vals").AsObject());
                return true;
            case "action_confirm":
                foreach (var id in ids) Book.Confirm(id);
                return true;
            default:
                var isCertain = context["disable_cancel_warning"] is { } flag
                    && flag.GetValueKind() == JsonValueKind.True;
                return ids.Select(id => Book.Cancel(id, isCertain)).ToArray().All(done => done) ? true
                    : new JsonObject { ["type"] = "ir.actions.act_window", ["res_model"] = "sale.order.cancel" };
        }
    }

    private int Make(string model, JsonObject values)
    {
        if (model == "sale.order" && values["partner_id"] is null)
            throw new OdooException(
                422, "odoo.exceptions.ValidationError", "Missing required value for the field 'Customer'");
        return Book.Create(model, values);
    }

    private JsonObject Fields(string model, JsonArray asked) => new(asked.Select(name => (string)name!)
        .Where(name => OdooSchema.Models[model].ContainsKey(name)
            && (Book.HasCarriers || !name.StartsWith("carrier_", StringComparison.Ordinal)))
        .Select(name => KeyValuePair.Create(
            name, (JsonNode?)new JsonObject { ["type"] = OdooSchema.Models[model][name].Type })));

    private static JsonNode Needed(JsonObject arguments, string name) =>
        arguments[name] ?? throw Unprocessable($"missing a required argument: '{name}'");

    private static OdooException Unprocessable(string message) =>
        new(422, "werkzeug.exceptions.UnprocessableEntity", message);
}
