using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrderGrains.Console.Pages;

/// <summary>Every destination, how it does, and what an operator can do with it.</summary>
internal sealed class DestinationsModel(DestinationList list, DestinationDesk desk, TimeProvider time) : PageModel
{
    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public bool MayOperate => User.MayOperate();

    public IReadOnlyList<DestinationView> Destinations { get; private set; } = [];

    public async Task OnGetAsync() => Destinations = await list.ListAsync();

    public async Task<IActionResult> OnPostPauseAsync(string name, string? reason)
    {
        var reader = new RequestReader();
        var why = reader.Required("reason", reason);
        if (reader.Failed)
            this.Refuse("Not done: say why, in at most 500 characters.");
        else if (await desk.PauseAsync(name, why, User.Actor()))
            this.Say($"{name} is paused.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostResumeAsync(string name)
    {
        if (await desk.ResumeAsync(name, null, User.Actor()))
            this.Say($"{name} is sent to again.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostTestAsync(string name, CancellationToken cancellation)
    {
        if (await desk.TestAsync(name, User.Actor(), cancellation) is not { } test)
            return NotFound();
        if (test.Detail is null)
            this.Say($"{name} took the test.");
        else
            this.Warn($"{name} did not take the test: {test.Detail}");
        return RedirectToPage();
    }
}
