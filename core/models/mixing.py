"""The mixing network: lets parts see each other before the surface is decoded (SPAGHETTI section 3.2)."""

from __future__ import annotations

from torch import Tensor, nn

from core.models.attention import Transformer, key_bias
from core.models.config import recorded
from core.models.gaussian_head import gaussian_features


class Mixing(nn.Module):
    """Token = intrinsics + linear(Gaussian), then a transformer over the tokens.

    Parameters
    ----------
    intrinsic_dim : int
        Width D of the intrinsics.
    dim : int
        Width of the tokens. Equal to `intrinsic_dim` in the published networks; where it is larger the
        intrinsics are lifted by a linear layer.
    log_eigenvalues : bool
        Feed eigenvalues as logarithms. Off in the published networks.
    """

    @recorded
    def __init__(
        self,
        intrinsic_dim: int = 512,
        dim: int = 512,
        num_layers: int = 4,
        num_heads: int = 4,
        log_eigenvalues: bool = False,
    ) -> None:
        super().__init__()
        self.log_eigenvalues = log_eigenvalues
        self.from_gmm = nn.Linear(16, dim)
        self.from_intrinsics = nn.Identity() if intrinsic_dim == dim else nn.Linear(intrinsic_dim, dim)
        self.mixing_network = Transformer(dim, num_layers, num_heads)

    def forward(self, intrinsics: Tensor, extrinsics: Tensor, mask: Tensor | None = None) -> Tensor:
        """Mix parts.

        Parameters
        ----------
        intrinsics : Tensor [B, P, D]
        extrinsics : Tensor [B, P, 16]
        mask : bool Tensor [B, P], optional
            True = the part is there. Any number of parts works.

        Returns
        -------
        Tensor [B, P, dim]
        """
        gaussians = gaussian_features(extrinsics) if self.log_eigenvalues else extrinsics
        tokens = self.from_intrinsics(intrinsics) + self.from_gmm(gaussians)
        return self.mixing_network(tokens, bias=key_bias(mask))
