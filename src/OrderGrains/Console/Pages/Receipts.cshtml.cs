using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console.Pages;

/// <summary>The webhook log.</summary>
internal sealed class ReceiptsModel(IInbox inbox, IConfiguration configuration, TimeProvider time) : PageModel
{
    public static IReadOnlyList<(string Value, string Text, TimeSpan Span)> Spans { get; } =
    [
        ("1h", "Last hour", TimeSpan.FromHours(1)),
        ("24h", "Last 24 hours", TimeSpan.FromHours(24)),
        ("7d", "Last 7 days", TimeSpan.FromDays(7)),
    ];

    [BindProperty(SupportsGet = true)] public string? Source { get; set; }

    [BindProperty(SupportsGet = true)] public string? Outcome { get; set; }

    [BindProperty(SupportsGet = true)] public string? Within { get; set; }

    [BindProperty(SupportsGet = true)] public string? Cursor { get; set; }

    public ReceiptOutcome? Chosen { get; private set; }

    public IEnumerable<string> Sources =>
        configuration.GetSection("Sources").GetChildren().Select(source => source.Key);

    public Page<ReceiptRow> Found { get; private set; } = new([], null);

    public async Task OnGetAsync()
    {
        var reader = new RequestReader();
        Chosen = reader.Choice<ReceiptOutcome>("outcome", Outcome);
        var within = Spans.Where(span => span.Value == Within).Select(span => (TimeSpan?)span.Span).FirstOrDefault();
        var filter = new ReceiptFilter(
            reader.Text("source", Source), Chosen, within is { } span ? time.GetUtcNow() - span : null);
        Found = await inbox.ListAsync(filter, reader.Page(null, Cursor));
    }
}
