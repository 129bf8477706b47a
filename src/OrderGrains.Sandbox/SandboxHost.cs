using System.Net;

namespace OrderGrains.Sandbox;

/// <summary>A web server that is a part of the sandbox.</summary>
internal static class SandboxHost
{
    /// <param name="listen">Where; port 0 takes a free one.</param>
    /// <param name="serve">Says what is served.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<WebApplication> StartAsync(
        IPEndPoint listen, Action<WebApplication> serve, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(listen.Address, listen.Port));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        var host = builder.Build();
        host.UseRouting();
        serve(host);
        try
        {
            await host.StartAsync(cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>At once: calls in hand are cut off.</summary>
    public static async Task EndAsync(WebApplication? host)
    {
        if (host is null) return;
        await host.StopAsync(new CancellationToken(canceled: true));
        await host.DisposeAsync();
    }
}
