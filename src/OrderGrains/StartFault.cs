using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace OrderGrains;

/// <summary>Why a process did not start, in a sentence where the cause is known.</summary>
internal static class StartFault
{
    /// <summary>Null: the cause is not known, and all of the exception is wanted.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        StorageException => exception.Message,
        AddressInUseException => exception.Message,
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "The address of --urls may not be listened at: ports below 1024 need a privilege.",
        FormatException { Source: "Microsoft.AspNetCore.Http" } =>
            $"{exception.Message}: --urls needs an address such as http://127.0.0.1:8080.",
        _ => null,
    };
}
