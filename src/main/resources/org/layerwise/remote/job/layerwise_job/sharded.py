"""Weights that are shared out over the workers, for models that are larger than a card (FSDP, as torch.distributed.fsdp.fully_shard
does it): each worker keeps a part of every frozen weight, and a layer is put together only while it computes. What is trained is small, and
each worker has all of it."""

from collections import Counter

import torch
import torch.distributed as dist


class Outside(torch.nn.Module):
    """Around a model: fully_shard changes the class of what it is given, by which transformers finds what a model records."""

    def __init__(self, inside):
        super().__init__()
        self.inside = inside

    def forward(self, **inputs):
        return self.inside(**inputs)


def layers(model):
    """The blocks of a model: the elements of its lists of modules of one kind."""
    lists = [module for module in model.modules() if isinstance(module, torch.nn.ModuleList) and len(module) > 1]
    return [block for blocks in lists if len({type(block) for block in blocks}) == 1 for block in blocks]


def kept_whole(model):
    """What is trained, and what has another type than the most of the weights: what is shared out together has one."""
    sizes = Counter()
    for parameter in model.parameters():
        sizes[parameter.dtype] += parameter.numel()
    main = sizes.most_common(1)[0][0]
    return {parameter for parameter in model.parameters() if parameter.requires_grad or parameter.dtype != main}


def shard(model, device):
    """Shares a model out that lies on the processor; only a layer at a time goes to the card whole. All workers call it."""
    if tuple(map(int, torch.__version__.split("+")[0].split(".")[:2])) < (2, 7):
        raise RuntimeError("Sharing weights out (--fsdp) needs torch 2.7 or later, and here is %s." % torch.__version__)
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    mesh = init_device_mesh(device.type, (dist.get_world_size(),))
    whole = kept_whole(model)
    for parameter in whole:
        parameter.data = parameter.data.to(device)
    for layer in layers(model):
        fully_shard(layer, mesh=mesh, ignored_params=whole)
    return fully_shard(Outside(model), mesh=mesh, ignored_params=whole)


def is_sharded(called):
    return isinstance(called, Outside)


def whole(model):
    """Those weights of which each worker has all, by name."""
    return {name: value for name, value in model.state_dict().items() if not hasattr(value, "full_tensor")}


def add_up(parameters):
    """Makes the gradient of each the sum of those of all workers. All workers call it."""
    for parameter in parameters:
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
    together = torch.cat([parameter.grad.flatten() for parameter in parameters])
    dist.all_reduce(together)
    for parameter, summed in zip(parameters, together.split([parameter.numel() for parameter in parameters])):
        parameter.grad.copy_(summed.view_as(parameter))
