using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrderGrains.Console.Pages;

/// <summary>Sessions that are open, and keys: all of them for an Admin, one's own sessions for everybody.</summary>
internal sealed class AccessModel(AccessDesk desk, SessionKeeper keeper) : PageModel
{
    public bool IsAdmin => User.IsInRole(Console.Access.Admin);

    public IReadOnlyList<SessionView> Sessions { get; private set; } = [];

    public IReadOnlyList<KeyView> Keys { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var all = await desk.ListSessionsAsync();
        Sessions = IsAdmin ? all : [.. all.Where(session => session.Actor == User.Actor())];
        Keys = IsAdmin ? await desk.ListKeysAsync() : [];
    }

    [Needs(ApiRole.Admin)]
    public async Task<IActionResult> OnPostEndAsync(Guid id)
    {
        if (await keeper.EndAsync(id))
            this.Say("The session has ended.");
        else
            this.Refuse("There is no such session any more.");
        return LocalRedirect("/access");
    }

    [Needs(ApiRole.Viewer)]
    public async Task<IActionResult> OnPostEndMineAsync()
    {
        await keeper.EndAllAsync(User.Actor());
        return LocalRedirect("/");
    }
}
