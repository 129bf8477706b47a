using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrderGrains.Connectors;

namespace OrderGrains.Console.Pages;

/// <summary>Every source, whether it works, and what it would make of a body.</summary>
internal sealed class SourcesModel(SourceDesk desk, SourceTester tester, TimeProvider time) : PageModel
{
    public bool MayOperate => User.MayOperate();

    public IReadOnlyList<SourceView> Sources { get; private set; } = [];

    /// <summary>The body that was tried, and with which source; null when none was.</summary>
    public (string Name, string? Topic, string Body, ReadingView View)? Tried { get; private set; }

    public string Change => Tried is { View.Change: { } change }
        ? JsonSerializer.Serialize(change, ReadingView.Json) : "";

    public Task OnGetAsync() => ListAsync();

    public async Task<IActionResult> OnPostReadAsync(string name, string? topic, string? body)
    {
        if (desk.Read(name, topic?.Trim(), body ?? "") is not { } view)
            return NotFound();
        Tried = (name, topic, body ?? "", view);
        await ListAsync();
        return Page();
    }

    public async Task<IActionResult> OnPostTestAsync(string name, CancellationToken cancellation)
    {
        if (await tester.TestAsync(name, User.Actor(), cancellation) is not { } test)
            return NotFound();
        if (test.Passed)
            this.Say($"The test of {name} passed: it was answered {test.Status} in {test.Milliseconds} ms.");
        else
            this.Warn($"The test of {name} failed: {test.Detail}.");
        return RedirectToPage();
    }

    /// <summary>How long nothing has come, when that is longer than any pause before; else null.</summary>
    public TimeSpan? QuietFor(SourceView source) => source is { PauseMax: { } pause, LastReceivedAt: { } last }
        && time.GetUtcNow() - last is var quiet && quiet > pause ? quiet : null;

    /// <summary>A sender's clock in words.</summary>
    public static string WordsOf(ClockView clock) => clock.Ahead switch
    {
        null => "not stated",
        { } ahead when Words.Duration(ahead.Duration()) is { Length: > 0 } by =>
            $"{by} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} ours",
        _ => "as ours",
    };

    private async Task ListAsync() => Sources = await desk.ListAsync(masked: !MayOperate);
}
