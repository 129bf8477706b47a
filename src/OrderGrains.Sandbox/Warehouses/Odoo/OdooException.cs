using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Warehouses.Odoo;

/// <summary>A call that fails as Odoo's do: nothing of its transaction stays.</summary>
/// <param name="status">The status code.</param>
/// <param name="name">The exception's name in Python.</param>
/// <param name="message">For people.</param>
public sealed class OdooException(int status, string name, string message) : Exception(message)
{
    public int Status => status;

    /// <summary>What a person must know: 422.</summary>
    public static OdooException User(string message) => new(422, "odoo.exceptions.UserError", message);

    public static OdooException NoField(string field, string model) =>
        new(500, "builtins.ValueError", $"Invalid field '{field}' on '{model}'");

    /// <summary>As <c>serialize_exception</c> of Odoo writes it, with the traceback that nobody should keep.</summary>
    public string Body() => new JsonObject
    {
        ["name"] = name,
        ["message"] = Message,
        ["arguments"] = new JsonArray(Message),
        ["context"] = new JsonObject(),
        ["debug"] = $"Traceback (most recent call last):\n  File \"/opt/odoo/hush.py\"\n{name}: {Message}",
    }.ToJsonString();
}
