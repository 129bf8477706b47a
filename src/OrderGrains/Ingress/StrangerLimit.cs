using System.Net;
using System.Net.Sockets;
using OrderGrains.Wire;

namespace OrderGrains.Ingress;

/// <summary>
/// How often one address may fail: by signatures that are wrong, or sources that there are not. Beyond that it is
/// turned away before its body is read. Platforms send for all their shops from the same addresses, so each source has
/// its own count of an address, and an address from which a good signature came is no stranger to that source any more:
/// nobody else at that address can shut it out.
/// </summary>
internal sealed class StrangerLimit(TimeProvider time)
{
    /// <summary>So many failures at once cost nothing.</summary>
    public const int FailuresAtOnceMax = 100;

    /// <summary>Then so many a second.</summary>
    public const double FailuresPerSecondMax = 2;

    /// <summary>Addresses that are remembered; beyond, those that failed are forgotten.</summary>
    public const int AddressesMax = 10_000;

    private readonly Lock _sync = new();
    private readonly Dictionary<(IPAddress, string), TokenBucket> _failures = [];
    private readonly HashSet<(IPAddress, string)> _passed = [];

    /// <summary>Addresses that are remembered now, each with a source.</summary>
    public int Addresses
    {
        get
        {
            lock (_sync)
                return _failures.Count;
        }
    }

    /// <summary>Time until it may try again; zero when it may.</summary>
    /// <param name="address">Where it comes from; one that is not known is not limited.</param>
    /// <param name="source">The source's name; empty when there is none of that name.</param>
    public TimeSpan WaitOf(IPAddress? address, string source)
    {
        if (address is null)
            return TimeSpan.Zero;
        lock (_sync)
        {
            return _failures.Count > 0 && _failures.TryGetValue((Network(address), source), out var failures)
                ? failures.UntilOne : TimeSpan.Zero;
        }
    }

    public void Failed(IPAddress? address, string source)
    {
        if (address is null)
            return;
        lock (_sync)
        {
            var key = (Network(address), source);
            if (_passed.Contains(key))
                return;
            if (!_failures.TryGetValue(key, out var failures))
            {
                if (_failures.Count >= AddressesMax)
                    Forget();
                _failures[key] = failures = new TokenBucket(FailuresPerSecondMax, FailuresAtOnceMax, time);
            }

            failures.TryTake();
        }
    }

    /// <summary>A signature was right. From now on its failures count for nothing.</summary>
    public void Passed(IPAddress? address, string source)
    {
        if (address is null)
            return;
        var key = (Network(address), source);
        lock (_sync)
        {
            if (_passed.Count >= AddressesMax)
                _passed.Clear();
            if (_passed.Add(key))
                _failures.Remove(key);
        }
    }

    /// <summary>
    /// It was no stranger before. So are calls without an address, which come from this process alone.
    /// </summary>
    public bool HasPassed(IPAddress? address, string source)
    {
        if (address is null)
            return true;
        lock (_sync)
            return _passed.Contains((Network(address), source));
    }

    /// <summary>What shares of strangers go by.</summary>
    public static string NetworkOf(IPAddress? address) => address is null ? "" : Network(address).ToString();

    /// <summary>Those that have not failed for a while, or all.</summary>
    private void Forget()
    {
        foreach (var (key, _) in _failures.Where(one => one.Value.IsFull).ToArray())
            _failures.Remove(key);
        if (_failures.Count >= AddressesMax)
            _failures.Clear();
    }

    /// <summary>
    /// Of IPv6 the network of 64 bits: who has one address has all of them (RFC 4291, section 2.5.4).
    /// </summary>
    private static IPAddress Network(IPAddress address)
    {
        address = AddressGuard.Plain(address);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
