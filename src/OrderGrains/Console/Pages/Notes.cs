using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrderGrains.Console.Pages;

/// <summary>What a page says after an act, once, on the page that follows.</summary>
internal static class Notes
{
    public static void Say(this PageModel page, string text) => page.TempData["Note"] = text;

    public static void Warn(this PageModel page, string text)
    {
        page.TempData["Note"] = text;
        page.TempData["NoteTone"] = "bad";
    }

    /// <summary>Nothing was done, and the trail has it so.</summary>
    public static void Refuse(this PageModel page, string text)
    {
        page.HttpContext.MarkRefused();
        page.Warn(text);
    }
}
