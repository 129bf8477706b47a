namespace OrderGrains.Wire;

/// <summary>A host has no address that may be called.</summary>
/// <param name="why">Its address, and the rule of <see cref="AddressGuard"/> that refuses it.</param>
internal sealed class AddressRefusedException(string why) : Exception(why);
