namespace OrderGrains.Sandbox.Warehouses.Odoo;

/// <summary>A sale order as the make-believe Odoo has it.</summary>
public sealed record OdooSale(
    int Id, string Name, string? Reference, string State, IReadOnlyDictionary<string, int> Units, int RecipientId);
