using Onnx.Llama.Testing;

namespace Onnx.Llama.Conversion.Tests.Families;

public sealed class FamiliesDocumentTests
{
    [Fact]
    public void Text_OfModelsReadme_IsCurrent() =>
        Expectations.OfRepository.VerifyFile(Path.Combine(SharedFolder.Repository, "models", "README.md"), FamiliesDocument.Text());
}
