using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrderGrains.Console.Pages;

/// <summary>Every destination and how it does.</summary>
internal sealed class DestinationsModel(DestinationList list, TimeProvider time) : PageModel
{
    public DateTimeOffset Now { get; } = time.GetUtcNow();

    public IReadOnlyList<DestinationView> Destinations { get; private set; } = [];

    public async Task OnGetAsync() => Destinations = await list.ListAsync();
}
