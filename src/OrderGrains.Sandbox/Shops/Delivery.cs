using System.Net;

namespace OrderGrains.Sandbox.Shops;

/// <summary>
/// One webhook as Shopify would send it: the same bytes and the same <c>X-Shopify-Webhook-Id</c> over all its retries.
/// </summary>
/// <param name="Topic">Such as <c>orders/create</c>.</param>
/// <param name="OrderId">The shop's id of the order; above 2^53, so never a JSON double.</param>
/// <param name="Headers">All <c>X-Shopify-*</c> headers, the signature included.</param>
/// <param name="Body">The exact bytes that the signature covers.</param>
public sealed record Delivery(
    string Topic, long OrderId, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <summary>How a delivery ended.</summary>
/// <param name="Acknowledged">Whether a 200 came; only then may the shop count on it.</param>
/// <param name="Attempts">How many times it was posted.</param>
/// <param name="LastStatus">The last answer; null when none came (refused, reset, or over five seconds).</param>
public readonly record struct SendOutcome(bool Acknowledged, int Attempts, HttpStatusCode? LastStatus);
