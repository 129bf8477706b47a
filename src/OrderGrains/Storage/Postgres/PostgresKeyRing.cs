using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// The keys that protect the console's cookies, in the database, so that a session that one process opened holds at the
/// others. ASP.NET reads them at start and once a day, and makes each new one days before it is used.
/// </summary>
internal sealed class PostgresKeyRing(string connectionString) : IXmlRepository
{
    /// <summary>Not from a pool: it is asked so seldom that a kept connection would only take a place.</summary>
    private readonly string _alone =
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = Open();
        using var read = new NpgsqlCommand("select xml from data_protection_key order by id", connection);
        using var reader = read.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read())
            keys.Add(XElement.Parse(reader.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = Open();
        using var write = new NpgsqlCommand(
            "insert into data_protection_key (name, xml) values ($1, $2)", connection);
        write.Parameters.Add(new() { Value = friendlyName });
        write.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        write.ExecuteNonQuery();
    }

    private NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(_alone);
        connection.Open();
        return connection;
    }
}
