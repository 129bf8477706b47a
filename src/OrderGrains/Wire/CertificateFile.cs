using System.ComponentModel.DataAnnotations;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrderGrains.Wire;

/// <summary>Where a certificate and its private key lie. The names are those of Kestrel's own settings.</summary>
public sealed class CertificateSettings
{
    /// <summary>
    /// With <see cref="KeyPath"/> a PEM file: the certificate, then those that signed it. Else a PFX file.
    /// </summary>
    [Required] public string Path { get; set; } = "";

    /// <summary>The private key, a PEM file.</summary>
    public string? KeyPath { get; set; }

    /// <summary>Opens the key, or the PFX file. Default: it is not encrypted.</summary>
    public string? Password { get; set; }
}

/// <summary>A certificate file cannot be used; the message names the file and the rule.</summary>
internal sealed class CertificateException(string file, string rule) : Exception($"{file}: {rule}");

/// <summary>
/// A certificate with its private key, read from its files anew when they change. The contents are compared, not the
/// files' times: what renews them may swap links, or put in place a folder that was written before.
/// </summary>
internal sealed class CertificateFile
{
    /// <summary>Extended key usages (RFC 5280, 4.2.1.12).</summary>
    public const string ServerUse = "1.3.6.1.5.5.7.3.1";

    /// <inheritdoc cref="ServerUse"/>
    public const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private const string PemBegin = "-----BEGIN CERTIFICATE-----";

    private readonly CertificateSettings _settings;
    private readonly string[] _uses;
    private string _seen;
    private volatile SslStreamCertificateContext _context;

    /// <param name="settings">Where it lies.</param>
    /// <param name="uses">What it must be made for, where it says what it is for.</param>
    /// <exception cref="CertificateException">It cannot be used.</exception>
    public CertificateFile(CertificateSettings settings, params string[] uses)
    {
        (_settings, _uses) = (settings, uses);
        var files = Read();
        (_seen, _context) = (files.Digest, Open(files));
    }

    /// <summary>The certificate, with those that signed it.</summary>
    public SslStreamCertificateContext Context => _context;

    /// <summary>Looks at the files; true when there is another certificate, which is used from now on.</summary>
    /// <exception cref="CertificateException">
    /// They changed and cannot be used; the certificate from before stays. It is said once of each content.
    /// </exception>
    public bool Renew(DateTimeOffset now)
    {
        Files files;
        try
        {
            files = Read();
        }
        catch (CertificateException exception)
        {
            if (_seen == exception.Message)
                return false;
            _seen = exception.Message;
            throw;
        }

        if (_seen == files.Digest)
            return false;
        _seen = files.Digest;
        var renewed = Open(files);
        var certificate = renewed.TargetCertificate;
        if (certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)
            throw new CertificateException(_settings.Path, "has expired");
        var isOther = !certificate.Equals(_context.TargetCertificate);
        _context = renewed;
        return isOther;
    }

    private Files Read() => new(ReadFile(_settings.Path), _settings.KeyPath is { } key ? ReadFile(key) : null);

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException(path, exception is FileNotFoundException or DirectoryNotFoundException
                ? "there is no such file" : "cannot be read");
        }
    }

    private SslStreamCertificateContext Open(Files files)
    {
        var (certificate, issuers) = files.Key is { } key
            ? OpenPem(files.Certificate, key) : OpenPfx(files.Certificate);
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        if (usages is not null && _uses.Any(use => !usages.EnhancedKeyUsages.OfType<Oid>().Any(u => u.Value == use)))
            throw new CertificateException(_settings.Path, "is not made for this use (extended key usage)");
        return SslStreamCertificateContext.Create(certificate, issuers, offline: true);
    }

    private (X509Certificate2 Certificate, X509Certificate2Collection Issuers) OpenPem(byte[] file, byte[] keyFile)
    {
        var (text, key) = (Encoding.UTF8.GetString(file), Encoding.UTF8.GetString(keyFile));
        var all = PemCertificates(_settings.Path, text);
        try
        {
            var certificate = _settings.Password is { } password
                ? X509Certificate2.CreateFromEncryptedPem(text, key, password)
                : X509Certificate2.CreateFromPem(text, key);
            all.RemoveAt(0);
            // Windows does not serve a key that lies in memory alone.
            if (OperatingSystem.IsWindows())
                certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
            return (certificate, all);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CertificateException(_settings.KeyPath!, _settings.Password is null
                ? $"holds no whole private key that belongs to {_settings.Path}"
                : $"holds no whole private key that Password opens and that belongs to {_settings.Path}");
        }
    }

    private (X509Certificate2 Certificate, X509Certificate2Collection Issuers) OpenPfx(byte[] file)
    {
        try
        {
            var all = X509CertificateLoader.LoadPkcs12Collection(file, _settings.Password);
            if (all.FirstOrDefault(one => one.HasPrivateKey) is { } certificate)
            {
                all.Remove(certificate);
                return (certificate, all);
            }
        }
        catch (CryptographicException)
        {
            // The rule says all that is known.
        }

        throw new CertificateException(_settings.Path,
            "is no whole PFX file with a private key that Password opens (for PEM, KeyPath is missing)");
    }

    /// <summary>All certificates of a PEM file; at least one.</summary>
    /// <exception cref="CertificateException">There is none, or one is not whole.</exception>
    public static X509Certificate2Collection ReadPem(string path) =>
        PemCertificates(path, Encoding.UTF8.GetString(ReadFile(path)));

    private static X509Certificate2Collection PemCertificates(string path, string text)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            throw new CertificateException(path, "holds a certificate that cannot be read");
        }

        // A file that is being written ends within a certificate, which the import passes over.
        if (all.Count == 0 || all.Count < text.AsSpan().Count(PemBegin))
            throw new CertificateException(path, "holds no whole certificate in PEM form");
        return all;
    }

    private sealed record Files(byte[] Certificate, byte[]? Key)
    {
        public string Digest { get; } = Convert.ToHexString(SHA256.HashData(
            [.. SHA256.HashData(Certificate), .. SHA256.HashData(Key ?? [])]));
    }
}
