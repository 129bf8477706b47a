using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console.Pages;

/// <summary>Who acted, and who looked at personal data.</summary>
internal sealed class TrailModel(ITrail trail) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? Actor { get; set; }

    [BindProperty(SupportsGet = true)] public string? Subject { get; set; }

    [BindProperty(SupportsGet = true)] public string? Since { get; set; }

    [BindProperty(SupportsGet = true)] public string? Until { get; set; }

    [BindProperty(SupportsGet = true)] public string? Cursor { get; set; }

    public Page<TrailEntry> Found { get; private set; } = new([], null);

    public IReadOnlyList<string> Mistakes { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var reader = new RequestReader();
        var filter = TrailApi.FilterOf(reader, Actor, Subject, Since, Until);
        var page = reader.Page(null, Cursor);
        Mistakes = reader.Said;
        if (!reader.Failed)
            Found = await trail.ListAsync(filter, page);
    }
}
