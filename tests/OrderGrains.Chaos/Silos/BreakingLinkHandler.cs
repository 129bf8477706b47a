using System.Net.Sockets;

namespace OrderGrains.Chaos.Silos;

/// <summary>
/// A connection that is reset the moment it stands comes out of the client as a bare <see cref="SocketException"/>.
/// Here it fails as any other, so that whoever sends tries again.
/// </summary>
internal sealed class BreakingLinkHandler()
    : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException reset)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, reset.Message, reset);
        }
    }
}
