using OrderGrains.Wire;

namespace OrderGrains;

/// <summary>Looks whether certificates were renewed, so that no process has to start anew for it.</summary>
/// <param name="certificates">By the setting's path.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it says so.</param>
internal sealed partial class CertificateAgent(
    IReadOnlyDictionary<string, CertificateFile> certificates, TimeProvider time, ILogger<CertificateAgent> log) : Agent
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (certificates.Count == 0)
            return;
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            foreach (var (setting, certificate) in certificates)
                Look(setting, certificate);
        }
    }

    private void Look(string setting, CertificateFile certificate)
    {
        try
        {
            if (certificate.Renew(time.GetUtcNow()))
                Renewed(setting, certificate.Context.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (CertificateException exception)
        {
            NotTaken(setting, exception.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Setting}: another certificate is used from now on, valid until {Until:u}",
        EventName = "certificate.renewed")]
    private partial void Renewed(string setting, DateTime until);

    [LoggerMessage(2, LogLevel.Warning, "{Setting}: the certificate from before is still used. {Fault}",
        EventName = "certificate.not_taken")]
    private partial void NotTaken(string setting, string fault);
}
