using System.Net;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Console;
using OrderGrains.Storage.Postgres;
using OrderGrains.Tests.Storage.Postgres;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class SharedKeyRingTests(SharedPostgres server)
{
    [Fact]
    public async Task A_session_that_one_process_opened_holds_at_another()
    {
        var database = await server.CreateDatabaseAsync();
        try
        {
            var sessions = new FakeSessions();
            await using var one = await StartAsync(database, sessions);
            await using var other = await StartAsync(database, sessions);
            using var there = await one.SignedInAsync(ApiRole.Viewer);
            using var here = other.Browse();
            using var stranger = await here.GetAsync("/");
            Assert.Equal(HttpStatusCode.Found, stranger.StatusCode);

            // A cookie belongs to a host whatever its port, as behind one balancer.
            here.Cookies.Add(there.Cookies.GetAllCookies());

            using var known = await here.GetAsync("/");
            Assert.Equal(HttpStatusCode.OK, known.StatusCode);
            Assert.False(Directory.Exists(Path.Combine(one.DataDirectory, "keys")), "the ring lies on the disk too");
        }
        finally
        {
            await server.DropDatabaseAsync(database);
        }
    }

    private static Task<ConsoleHost> StartAsync(string database, FakeSessions sessions) => ConsoleHost.StartAsync(
        configure: builder => builder.Services.AddSingleton<IXmlRepository>(new PostgresKeyRing(database))
            .AddSingleton<ISessions>(sessions));
}
