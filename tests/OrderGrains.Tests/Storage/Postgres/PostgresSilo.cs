using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrderGrains.Chaos;
using OrderGrains.Storage.Postgres;
using Orleans.Configuration;
using Xunit;

namespace OrderGrains.Tests.Storage.Postgres;

/// <summary>A silo with nothing in it but Orleans' providers on a database.</summary>
internal static class PostgresSilo
{
    public static WebApplication Build(string database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseOrleans(silo => silo
            .AddPostgresOrleans(database)
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ("tests", "tests"))
            .ConfigureEndpoints(IPAddress.Loopback, LoopbackPort.Free(), LoopbackPort.Free()));
        return builder.Build();
    }

    public static async Task<WebApplication> StartAsync(string database)
    {
        var host = Build(database);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }
}
