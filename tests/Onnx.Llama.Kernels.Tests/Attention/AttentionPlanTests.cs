using Onnx.Llama.Kernels.Attention;

namespace Onnx.Llama.Kernels.Tests.Attention;

public sealed class AttentionPlanTests
{
    [Theory]
    [InlineData(1, 1, 9, 3, 6)]
    [InlineData(1, 1, 32, 8, 8)]
    [InlineData(1, 1, 7, 1, 2)]
    [InlineData(3, 1, 8, 1, 6)]
    public void Tasks_OneToken_EvenForTwoThreads(int rows, int tokens, int heads, int kvHeads, int tasks) =>
        Assert.Equal(tasks, new AttentionPlan(new AttentionShape(rows, tokens, heads, kvHeads, 64), 2).Tasks);

    [Fact]
    public void Of_EveryTask_CoversEachQueryOnceAndFitsItsScratch()
    {
        Random random = new(1);
        for (int seed = 0; seed < 500; seed++)
        {
            int kvHeads = random.Next(1, 5);
            AttentionShape shape = new(random.Next(1, 4), random.Next(1, 50), kvHeads * random.Next(1, 130), kvHeads, 4 * random.Next(1, 257));
            AttentionCall call = new() { Shape = shape, Threads = random.Next(1, 9) };
            HashSet<(int, int, int)> queries = [];
            for (int index = 0; index < call.AttendTasks; index++)
            {
                AttendTask task = AttendTask.Of(in call, index);
                int rows = task.Heads * task.Tokens;
                int floats = rows * ((2 * AttentionPlan.Padded(shape.HeadSize)) + KvBlocks.KeyBlock + AttentionScratch.SumStride + 2);
                Assert.InRange(floats, 1, AttentionPlan.ScratchFloats);
                for (int query = 0; query < rows; query++)
                {
                    int head = task.FirstHead + (query % task.Heads);
                    Assert.Equal(task.KvHead, head / shape.Group);
                    Assert.True(queries.Add((task.Row, head, task.FirstToken + (query / task.Heads))));
                }
            }

            Assert.Equal(shape.Rows * shape.Tokens * shape.Heads, queries.Count);
        }
    }
}
