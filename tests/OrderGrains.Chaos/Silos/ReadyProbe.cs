namespace OrderGrains.Chaos.Silos;

/// <summary>Asks silos whether they are ready, at the addresses that they themselves listen at.</summary>
internal sealed class ReadyProbe(Func<int, Uri> address, HttpClient http, TimeProvider time)
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(1);

    /// <summary>False when nothing, or too late, or anything but 200 is answered.</summary>
    public async Task<bool> IsReadyAsync(int silo, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswerMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var response = await http.GetAsync(new Uri(address(silo), "/health/ready"), either.Token);
            return response.StatusCode == System.Net.HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
