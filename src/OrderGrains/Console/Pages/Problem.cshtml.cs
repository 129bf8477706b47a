using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrderGrains.Console.Pages;

/// <summary>
/// What a person reads when a page cannot be had. Shown in place of whatever was asked, by any method.
/// </summary>
[AllowAnonymous, IgnoreAntiforgeryToken]
internal sealed class ProblemModel : PageModel
{
    public int Status =>
        Response.StatusCode == StatusCodes.Status200OK ? StatusCodes.Status404NotFound : Response.StatusCode;

    public string Title => Words(Status).Title;

    public string Advice => Words(Status).Advice;

    private static (string Title, string Advice) Words(int status) => status switch
    {
        400 => ("That could not be read", "The form or the link was too old, or it was changed. Load the page again."),
        403 => ("Not with this key", "Your key may read, but not act. Ask for an Operator key."),
        404 => ("Nothing here", "There is no such page, order or receipt. It may have been purged."),
        429 => ("Too many tries", "Wait a minute, then sign in again."),
        503 => ("The database does not answer", "Nothing is lost. Look again in a moment before you act again."),
        _ => ("Something broke", "This is a fault of ours. The logs say more, at this minute."),
    };
}
