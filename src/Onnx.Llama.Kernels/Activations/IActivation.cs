using Onnx.Llama.Kernels.Forms.Lanes;

namespace Onnx.Llama.Kernels.Activations;

/// <summary>An elementwise function of a gate: its definition, and the same with vectors.</summary>
internal interface IActivation
{
    /// <summary>The function as the scalar form defines it.</summary>
    public static abstract float Apply(float x);

    /// <summary>The function of each lane.</summary>
    public static abstract TVector Apply<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct;
}
