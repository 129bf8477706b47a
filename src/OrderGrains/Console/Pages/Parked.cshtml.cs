using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace OrderGrains.Console.Pages;

/// <summary>What waits for a person: another try, or the end.</summary>
internal sealed class ParkedModel(ParkedList parked, ParkedDesk desk) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? Kind { get; set; }

    [BindProperty(SupportsGet = true)] public string? Source { get; set; }

    [BindProperty(SupportsGet = true)] public string? Destination { get; set; }

    [BindProperty(SupportsGet = true)] public string? Reason { get; set; }

    [BindProperty(SupportsGet = true)] public string? Cursor { get; set; }

    public IReadOnlyList<ParkedGroup> Groups { get; private set; } = [];

    public Page<ParkedItem> Found { get; private set; } = new([], null);

    public bool Filtered => Kind is not null || Source is not null || Destination is not null || Reason is not null;

    public bool Shows(ParkedGroup group) => Filtered && group.Selection() == Selection(new RequestReader());

    public static string LinkTo(ParkedGroup group) =>
        QueryHelpers.AddQueryString("/parked", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["kind"] = group.Kind.Word(),
            ["source"] = group.Source,
            ["destination"] = group.Destination,
            ["reason"] = group.Reason,
        });

    public async Task<IActionResult> OnGetAsync()
    {
        var reader = new RequestReader();
        var selection = Selection(reader);
        var page = reader.Page(null, Cursor);
        if (reader.Failed)
            return BadRequest();
        Groups = (await parked.ListGroupsAsync()).Items;
        var found = await parked.ListAsync(selection, page);
        Found = found with { Items = await desk.ShowAsync(found.Items, User) };
        return Page();
    }

    public async Task<IActionResult> OnPostResumeAsync(Guid id)
    {
        var done = await parked.FindAsync(id) is { } item && await desk.ResumeAsync(item, null, User.Actor());
        return Told(done ? "Resumed: it is tried again now." : null);
    }

    public async Task<IActionResult> OnPostDiscardAsync(Guid id, string? why)
    {
        var reader = new RequestReader();
        var reason = reader.Required("why", why);
        if (reader.Failed)
            return BadRequest();
        var done = await parked.FindAsync(id) is { } item && await desk.DiscardAsync(item, reason, User.Actor());
        return Told(done ? "Discarded." : null);
    }

    public async Task<IActionResult> OnPostResumeGroupAsync(double? perSecond)
    {
        var reader = new RequestReader();
        var selection = Selection(reader);
        reader.Rate("perSecond", perSecond);
        return reader.Failed
            ? BadRequest()
            : Told("Resumed", await desk.ResumeManyAsync(selection, null, perSecond, User.Actor()));
    }

    public async Task<IActionResult> OnPostDiscardGroupAsync(string? why)
    {
        var reader = new RequestReader();
        var selection = Selection(reader);
        var reason = reader.Required("why", why);
        return reader.Failed
            ? BadRequest()
            : Told("Discarded", await desk.DiscardManyAsync(selection, reason, User.Actor()));
    }

    private ParkedSelection Selection(RequestReader reader) =>
        ParkedSelection.Read(reader, Kind, Destination, Source, Reason);

    private LocalRedirectResult Told(string act, ParkedManyAnswer answer) =>
        Told($"{act} {answer.Count:N0}.{(answer.More ? " There are more: do it again for the rest." : "")}");

    private LocalRedirectResult Told(string? done)
    {
        if (done is null)
            this.Refuse("It is not parked any more: someone else was faster.");
        else
            this.Say(done);
        return LocalRedirect("/parked");
    }
}
