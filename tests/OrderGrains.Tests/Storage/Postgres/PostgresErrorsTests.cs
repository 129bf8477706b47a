using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrderGrains.Storage.Postgres;
using Orleans.Serialization;
using Xunit;

namespace OrderGrains.Tests.Storage.Postgres;

public sealed class PostgresErrorsTests
{
    [Theory]
    [InlineData("57P01", false)]
    [InlineData("23514", true)]
    public void What_the_server_refused_travels_whole_from_silo_to_silo(string code, bool isRefusal)
    {
        var travelled = Travel(new PostgresException("no", "ERROR", "ERROR", code));

        Assert.Equal((isRefusal, $"The database refused: no ({code})"), (travelled.IsRefusal, travelled.Message));
    }

    [Fact]
    public void What_broke_on_the_way_to_the_server_travels_whole_from_silo_to_silo()
    {
        var travelled = Travel(new NpgsqlException("gone", new SocketException()));

        Assert.Equal((false, "The database did not answer: gone"), (travelled.IsRefusal, travelled.Message));
    }

    private static StorageException Travel(Exception broke)
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var bytes = serializer.SerializeToArray(PostgresErrors.Translate(broke));
        return Assert.IsType<StorageException>(serializer.Deserialize<Exception>(bytes));
    }
}
