using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Running;

public sealed class CertificateFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly Authority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void A_PEM_pair_is_read_with_those_that_signed_it()
    {
        var issued = _authority.Issue();

        var file = new CertificateFile(_authority.Pem(issued), CertificateFile.ServerUse);

        Assert.Equal(issued.Thumbprint, file.Context.TargetCertificate.Thumbprint);
        Assert.True(file.Context.TargetCertificate.HasPrivateKey);
        Assert.Equal("CN=between", Assert.Single(file.Context.IntermediateCertificates).Subject);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("hunter2")]
    public void A_PFX_file_is_read(string? password)
    {
        var issued = _authority.Issue();

        var file = new CertificateFile(_authority.Pfx(issued, password), CertificateFile.ServerUse);

        Assert.Equal(issued.Thumbprint, file.Context.TargetCertificate.Thumbprint);
        Assert.Equal("CN=between", Assert.Single(file.Context.IntermediateCertificates).Subject);
    }

    [Fact]
    public void What_cannot_be_used_is_named_with_its_file_and_never_with_the_password()
    {
        var pem = _authority.Pem(_authority.Issue());
        var other = _authority.Pem(_authority.Issue(), "other");
        var pfx = _authority.Pfx(_authority.Issue(), "hunter2");
        var client = _authority.Pem(_authority.Issue(uses: [CertificateFile.ClientUse]), "client");

        Assert.Equal($"{other.KeyPath}: holds no whole private key that belongs to {pem.Path}",
            Fault(pem.Path, other.KeyPath));
        Assert.Equal($"{pem.KeyPath}: holds no whole certificate in PEM form", Fault(pem.KeyPath!, pem.KeyPath));
        Assert.Equal(
            $"{pem.KeyPath}: holds no whole private key that Password opens and that belongs to {pem.Path}",
            Fault(pem.Path, pem.KeyPath, "hunter3"));
        Assert.Equal($"{_authority.PathOf("none.pem")}: there is no such file", Fault(_authority.PathOf("none.pem")));
        Assert.Equal($"{_authority.Folder}: cannot be read", Fault(_authority.Folder));
        foreach (var fault in (string[])[Fault(pfx.Path, null, "hunter3"), Fault(pem.Path)])
        {
            Assert.EndsWith("is no whole PFX file with a private key that Password opens (for PEM, KeyPath is missing)",
                fault, StringComparison.Ordinal);
        }

        Assert.Equal(
            $"{client.Path}: is not made for this use (extended key usage)", Fault(client.Path, client.KeyPath));
    }

    [Fact]
    public void A_renewed_pair_is_taken_however_it_was_put_in_place()
    {
        var (path, keyPath) = (_authority.PathOf("live.pem"), _authority.PathOf("live.key"));
        var links = new CertificateSettings { Path = path, KeyPath = keyPath };
        var first = _authority.Pem(_authority.Issue(), "archive1");
        File.CreateSymbolicLink(links.Path, first.Path);
        File.CreateSymbolicLink(links.KeyPath, first.KeyPath!);
        var file = new CertificateFile(links, CertificateFile.ServerUse);
        Assert.False(file.Renew(Now));

        var issued = _authority.Issue();
        var second = _authority.Pem(issued, "archive2");
        // As old as the first: what renews may have written it long before.
        foreach (var written in (string[])[second.Path, second.KeyPath!])
            File.SetLastWriteTimeUtc(written, File.GetLastWriteTimeUtc(first.Path));
        File.Delete(links.Path);
        File.Delete(links.KeyPath);
        File.CreateSymbolicLink(links.Path, second.Path);
        File.CreateSymbolicLink(links.KeyPath, second.KeyPath!);

        Assert.True(file.Renew(Now));
        Assert.Equal(issued.Thumbprint, file.Context.TargetCertificate.Thumbprint);
        Assert.False(file.Renew(Now));
    }

    [Fact]
    public void While_files_are_being_written_the_old_pair_stays_and_it_is_said_once()
    {
        var old = _authority.Issue();
        var settings = _authority.Pem(old);
        var file = new CertificateFile(settings, CertificateFile.ServerUse);
        var issued = _authority.Issue();
        var whole = _authority.Chain(issued);

        // The certificate begins to be written, is whole but for the one that signed it, is whole, and then the key.
        File.WriteAllText(settings.Path, whole[..100]);
        StaysOnce(file, $"{settings.Path}: holds no whole certificate in PEM form");
        File.WriteAllText(settings.Path, whole[..^40]);
        StaysOnce(file, $"{settings.Path}: holds no whole certificate in PEM form");
        File.WriteAllText(settings.Path, whole);
        StaysOnce(file, $"{settings.KeyPath}: holds no whole private key that belongs to {settings.Path}");
        File.Delete(settings.KeyPath!);
        StaysOnce(file, $"{settings.KeyPath}: there is no such file");
        Assert.Equal(old.Thumbprint, file.Context.TargetCertificate.Thumbprint);

        File.WriteAllText(settings.KeyPath!, Authority.Key(issued));
        Assert.True(file.Renew(Now));
        Assert.Equal(issued.Thumbprint, file.Context.TargetCertificate.Thumbprint);
    }

    [Fact]
    public void An_expired_certificate_does_not_take_the_place_of_another()
    {
        var settings = _authority.Pem(_authority.Issue());
        var file = new CertificateFile(settings, CertificateFile.ServerUse);

        _authority.Pem(_authority.Issue(days: 5));

        StaysOnce(file, $"{settings.Path}: has expired");
    }

    private static void StaysOnce(CertificateFile file, string fault)
    {
        Assert.Equal(fault, Assert.Throws<CertificateException>(() => file.Renew(Now)).Message);
        Assert.False(file.Renew(Now));
    }

    private static string Fault(string path, string? keyPath = null, string? password = null) =>
        Assert.Throws<CertificateException>(() => new CertificateFile(
            new CertificateSettings { Path = path, KeyPath = keyPath, Password = password },
            CertificateFile.ServerUse)).Message;
}
