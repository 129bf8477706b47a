namespace OrderGrains.Bench.Subjects;

/// <summary>Something that is measured.</summary>
/// <param name="Name">As in <c>--subject</c> and in the tables.</param>
/// <param name="Kind">How it is started.</param>
internal sealed record Subject(string Name, SubjectKind Kind)
{
    public const string FloorName = "floor";
    public const string InsertName = "insert";
    public const string RowsName = "rows";
    public const string HangfireName = "hangfire";
    public const string RebusName = "rebus";
    public const string AdoNetName = "adonet";

    public const string WholeRole = "All";

    /// <summary>Takes no webhooks.</summary>
    public const string SiloRole = "Silo";

    /// <summary>The product as it is installed, on PostgreSQL.</summary>
    public static Subject Ours { get; } = new("ours", SubjectKind.Product);

    /// <summary>The product that takes webhooks and applies them one at a time: what the front alone can do.</summary>
    public static Subject Front { get; } = new("ours-front", SubjectKind.Product)
    {
        Settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Ingress:HeldMax"] = "1",
            ["Ingress:AppliedAtOnceMax"] = "1",
        },
    };

    /// <summary>The product whose orders reserve before they are paid, and then wait in memory.</summary>
    public static Subject Unpaid { get; } = new("ours-unpaid", SubjectKind.Product)
    {
        Settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Sources:acme:ReserveWhen"] = "Placed",
        },
    };

    /// <summary>The web server in a process of its own, before one silo.</summary>
    public static Subject Gateway { get; } = new("ours-gateway", SubjectKind.Product) { Roles = [SiloRole, "Gateway"] };

    public static Subject Sqlite { get; } = new("ours-sqlite", SubjectKind.Product)
    {
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Storage:Kind"] = "Sqlite" },
    };

    public static Subject Floor { get; } = new(FloorName, SubjectKind.Peer);
    public static Subject Insert { get; } = new(InsertName, SubjectKind.Peer)
    {
        CountSql = "select count(*) from receipt",
    };

    public static Subject Rows { get; } = new(RowsName, SubjectKind.Peer) { CountSql = "select count(*) from orders" };
    public static Subject Hangfire { get; } = new(HangfireName, SubjectKind.Peer)
    {
        CountSql = "select count(*) from receipt",
    };

    /// <summary>
    /// A message leaves the queue after its order's commit: one may be counted twice, but none missed.
    /// </summary>
    public static Subject Rebus { get; } = new(RebusName, SubjectKind.Peer)
    {
        CountSql = "select (select count(*) from messages) + (select count(*) from orders)",
    };

    public static Subject AdoNet { get; } = new(AdoNetName, SubjectKind.Peer)
    {
        CountSql = "select count(*) from OrleansStorage where GrainTypeString like '%order%'",
    };

    /// <summary>All that take an order from the webhook to the warehouse.</summary>
    public static IReadOnlyList<Subject> WholePath { get; } = [Ours, Rows, Hangfire, Rebus, AdoNet];

    /// <summary>One line each in the plots; variants of the product are in tables alone.</summary>
    public static IReadOnlyList<Subject> Plotted { get; } = [Floor, Insert, .. WholePath];

    /// <summary>Of the product's configuration, beyond what every run has.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Counts what has become durable of webhooks. Null: nothing does.</summary>
    public string? CountSql { get; init; }

    /// <summary>The roles of its processes on one database: <c>Cluster:Role</c> of the product.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [WholeRole];

    /// <summary>Orders that are in its database before it starts.</summary>
    public long StoredOrders { get; init; }

    public bool IsProduct => Kind == SubjectKind.Product;

    public bool KeepsStock => IsProduct || WholePath.Contains(this);

    /// <summary>What it acknowledges becomes an order at the warehouse, and soon.</summary>
    public bool IsWholePath => KeepsStock && this != Front && this != Unpaid;

    /// <summary>The name that a person gives on the command line for it.</summary>
    public string Family => IsProduct ? Ours.Name : Name;
}

internal enum SubjectKind
{
    Product,
    Peer,
}
