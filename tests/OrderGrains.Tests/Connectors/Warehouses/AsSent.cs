using OrderGrains.Connectors;

namespace OrderGrains.Tests.Connectors.Warehouses;

/// <summary>A destination to which what is there already is as good as sent.</summary>
internal sealed class AsSent(IDestination destination) : IDestination
{
    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken stopping) =>
        await destination.SendAsync(delivery, stopping) is var result && result is SendResult.AlreadyThere there
            ? new SendResult.Delivered(there.Answer) : result;
}
