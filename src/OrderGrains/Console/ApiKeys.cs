using System.Security.Cryptography;
using System.Text;

namespace OrderGrains.Console;

/// <summary>A key without its secret.</summary>
/// <param name="Stamp">Changes with name, role or secret; says nothing about the secret.</param>
/// <param name="ExpiresAt">From then on it opens nothing; null: never.</param>
internal sealed record ApiKey(string Name, ApiRole Role, string Stamp, DateTimeOffset? ExpiresAt = null);

/// <summary>Who may come in. Holds hashes alone, and compares all of them in constant time.</summary>
internal sealed class ApiKeys
{
    public const int SecretLengthMin = 16;
    private const string AdminKeyFile = "admin-key";
    private const int AdminKeyBytes = 32;
    private readonly List<(byte[] Hash, ApiKey Key)> _keys = [];
    private readonly TimeProvider _time;

    private ApiKeys(TimeProvider time) => _time = time;

    /// <summary>
    /// Takes the configured keys; with none, the admin key of the data directory, made on the first start.
    /// </summary>
    /// <exception cref="InvalidOperationException">A key is unusable; the message names its path.</exception>
    public static ApiKeys Load(ApiOptions options, string dataDirectory, TextWriter output, TimeProvider time)
    {
        var loaded = new ApiKeys(time);
        for (var at = 0; at < options.Keys.Count; at++)
        {
            var key = options.Keys[at];
            if (key.Role is not { } role || key.Name.Length == 0 || key.Secret.Length < SecretLengthMin)
            {
                throw new InvalidOperationException(
                    $"Api:Keys:{at} needs a Name, a Role and a Secret of at least {SecretLengthMin} characters.");
            }

            loaded.Add(key.Name, role, key.Secret, key.ExpiresAt);
        }

        if (options.Keys.Count == 0)
            loaded.Add("admin", ApiRole.Admin, LoadAdminKey(Path.Combine(dataDirectory, AdminKeyFile), output));
        return loaded;
    }

    public IEnumerable<ApiKey> All => _keys.Select(entry => entry.Key);

    /// <summary>Null when there is no such key, or when it has expired.</summary>
    public ApiKey? Find(string secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(secret), hash);
        ApiKey? found = null;
        foreach (var (expected, key) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(expected, hash) && IsValid(key))
                found ??= key;
        }

        return found;
    }

    /// <summary>Whether a session of this stamp may go on.</summary>
    public bool IsCurrent(string? stamp) =>
        _keys.Exists(entry => entry.Key.Stamp == stamp && IsValid(entry.Key));

    private bool IsValid(ApiKey key) => key.ExpiresAt is not { } end || _time.GetUtcNow() < end;

    private void Add(string name, ApiRole role, string secret, DateTimeOffset? expiresAt = null)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        var stamp = SHA256.HashData([.. hash, .. Encoding.UTF8.GetBytes($"{role} {name}")]);
        _keys.Add((hash, new ApiKey(name, role, Convert.ToHexString(stamp.AsSpan(0, 16)), expiresAt)));
    }

    private static string LoadAdminKey(string path, TextWriter output)
    {
        if (!File.Exists(path) && TryWriteAdminKey(path, out var made))
        {
            output.WriteLine($"No API key is configured. This admin key was made, and is shown this once: {made}");
            output.WriteLine($"It is kept in {path}.");
            return made;
        }

        var secret = File.ReadAllText(path).Trim();
        if (secret.Length < SecretLengthMin)
            throw new InvalidOperationException(
                $"{path} holds no usable key: delete it, and the next start makes one.");
        output.WriteLine($"No API key is configured. The admin key is in {path}.");
        return secret;
    }

    /// <summary>
    /// Written aside, then moved into place, so that of processes that start together one wins whole.
    /// </summary>
    private static bool TryWriteAdminKey(string path, out string secret)
    {
        secret = RandomNumberGenerator.GetHexString(AdminKeyBytes * 2, lowercase: true);
        var directory = OwnersDirectory.Make(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var aside = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var writer = new StreamWriter(aside, options))
                writer.WriteLine(secret);
            File.Move(aside, path, overwrite: false);
            return true;
        }
        catch (UnauthorizedAccessException e)
        {
            throw OwnersDirectory.NotOurs(directory, e);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
            return false;
        }
    }
}
