namespace OrderGrains.Inventory;

/// <summary>
/// Makes an order's reservations fit its needs: whole from the first location that has all its lines; else split, if
/// its source allows that; else as its source wants backorders. Every call states totals, so that a crash between two
/// of them is mended by doing it again.
/// </summary>
public sealed class Allocator(IGrainFactory grains)
{
    public Task<AllocationOutcome> AllocateAsync(AllocationNeeds needs) => new AllocationTurn(grains, needs).RunAsync();
}
