using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrderGrains.Connectors;

namespace OrderGrains.Console.Pages;

/// <summary>Every source, whether it works, and what it would make of a body.</summary>
internal sealed class SourcesModel(SourceDesk desk) : PageModel
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

    private async Task ListAsync() => Sources = await desk.ListAsync(masked: !MayOperate);
}
