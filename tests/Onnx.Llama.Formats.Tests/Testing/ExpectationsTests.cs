using Onnx.Llama.Testing;
using Xunit.Sdk;

namespace Onnx.Llama.Formats.Tests.Testing;

public sealed class ExpectationsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verify_OfTheApprovedText_PassesAndRemovesAnOldReceivedOne()
    {
        File.WriteAllText(_folder["a.txt"], "one\ntwo\n");
        File.WriteAllText(_folder["a.received.txt"], "old");

        new Expectations(_folder.Path, approve: false).Verify("a", "one\ntwo\n");
        Assert.False(File.Exists(_folder["a.received.txt"]));
    }

    [Fact]
    public void Verify_OfAnotherText_FailsAndSaysHowToApprove()
    {
        File.WriteAllText(_folder["a.txt"], "one\ntwo\n");

        FailException fault = Assert.Throws<FailException>(() => new Expectations(_folder.Path, approve: false).Verify("a", "one\n2\n", "TheTest"));
        Assert.Equal(
            $"a differs from the approved text in line 2: expected 'two', received '2'. Compare {_folder["a.received.txt"]} with {_folder["a.txt"]}; "
            + "if the change is meant, run TheTest with ONNX_LLAMA_APPROVE=1 and commit the file.",
            fault.Message);
        Assert.Equal("one\n2\n", File.ReadAllText(_folder["a.received.txt"]));
        Assert.Equal("one\ntwo\n", File.ReadAllText(_folder["a.txt"]));
    }

    [Fact]
    public void Verify_OfALongerText_NamesTheFirstLineTooMany()
    {
        File.WriteAllText(_folder["a.txt"], "one");
        FailException fault = Assert.Throws<FailException>(() => new Expectations(_folder.Path, approve: false).Verify("a", "one\ntwo"));
        Assert.Contains("in line 2: expected '(end)', received 'two'.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_WithoutAnApprovedText_Fails()
    {
        FailException fault = Assert.Throws<FailException>(() => new Expectations(_folder.Path, approve: false).Verify("a", "one"));
        Assert.StartsWith("a has no approved text yet. ", fault.Message, StringComparison.Ordinal);
        Assert.Equal("one", File.ReadAllText(_folder["a.received.txt"]));
    }

    [Fact]
    public void Verify_WhileApproving_WritesTheText()
    {
        new Expectations(_folder.Path, approve: true).Verify("a", "one");
        Assert.Equal("one", File.ReadAllText(_folder["a.txt"]));
    }
}
