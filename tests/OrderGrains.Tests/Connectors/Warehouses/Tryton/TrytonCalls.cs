using OrderGrains.Connectors.Warehouses.Tryton;

namespace OrderGrains.Tests.Connectors.Warehouses.Tryton;

/// <summary>Calls to Tryton on which something happens: before one arrives, or to its answer.</summary>
internal sealed class TrytonCalls : DelegatingHandler
{
    private string? _lost;
    private string? _met;
    private Func<Task>? _meet;

    public TrytonCalls() : base(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
    }

    /// <summary>Methods that were called, one after the other.</summary>
    public List<string> Methods { get; } = [];

    /// <summary>The next call of the method is made, and its answer does not arrive.</summary>
    public void Lose(string method) => _lost = method;

    /// <summary>This is done before the next call of the method arrives.</summary>
    public void Meet(string method, Func<Task> act) => (_met, _meet) = (method, act);

    public static TrytonOptions Options(Uri baseUrl, string password = TrytonServer.Password) => new()
    {
        BaseUrl = baseUrl,
        Database = TrytonServer.Database,
        User = TrytonServer.User,
        Password = password,
    };

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = System.Text.Json.JsonElement.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var method = body.GetProperty("method").GetString()!.Replace("model.", "", StringComparison.Ordinal);
        Methods.Add(method);
        if (method == _met)
        {
            _met = null;
            await _meet!();
        }

        var answer = await base.SendAsync(request, cancellationToken);
        if (method != _lost)
            return answer;
        _lost = null;
        answer.Dispose();
        throw new HttpRequestException(HttpRequestError.ResponseEnded, "The answer is lost.");
    }
}
