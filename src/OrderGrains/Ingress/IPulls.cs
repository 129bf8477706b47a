using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>
/// Which process asks a pulled source for its news, and how far the source has been read. Throws
/// <see cref="StorageException"/> when the outcome is unknown.
/// </summary>
public interface IPulls
{
    /// <summary>Takes the turn at a source, or keeps it; null while another process has it.</summary>
    /// <param name="source">The source's name.</param>
    /// <param name="lease">For so long nobody else gets it, unless it is let go.</param>
    Task<Turn?> TakeAsync(string source, TimeSpan lease);

    /// <summary>
    /// Makes what was read durable, with how far it was read, in one commit. False, and nothing was written, when this
    /// process does not have the turn any more.
    /// </summary>
    /// <param name="source">The source's name.</param>
    /// <param name="receipts">Pending, and held by nobody.</param>
    /// <param name="cursor">Where the next reading goes on; null: from the beginning.</param>
    Task<bool> AppendAsync(string source, IReadOnlyList<Receipt> receipts, string? cursor);

    /// <summary>Others may take the turn at once.</summary>
    Task LetGoAsync(string source);
}

/// <summary>The turn at a source.</summary>
/// <param name="Cursor">How far it has been read.</param>
public sealed record Turn(string? Cursor);
