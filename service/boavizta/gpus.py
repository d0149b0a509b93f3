"""Our accelerators → BoaviztAPI's names of them: the same device and memory, or none.

BoaviztAPI answers any name, with an H100's figure where it knows none, or with that of a device whose name is near. So
only these names are sent, and each only while it stands in the server's own list, which is asked for at run time. Not
here: devices that share a chip with a listed one but are another product (A10G, A800, H800, the
workstations' RTX PRO 4500, the P100 on SXM2).
"""

GPUS = {
    "a10": "NVIDIA A10",
    "a100-pcie-40": "NVIDIA A100 PCIe 40GB",
    "a100-pcie-80": "NVIDIA A100 PCIe 80GB",
    "a100-sxm4-40": "NVIDIA A100 SXM4 40GB",
    "a100-sxm4-80": "NVIDIA A100 SXM4 80GB",
    "b200-sxm": "NVIDIA B200 180GB",
    "b300-sxm": "NVIDIA B300 288GB",
    "h100-nvl": "NVIDIA H100 NVL 94GB",
    "h100-pcie": "NVIDIA H100 PCIe 80GB",
    "h100-sxm5": "NVIDIA H100 SXM 80GB",
    "h200-sxm": "NVIDIA H200 SXM 141GB",
    "l4": "NVIDIA L4",
    "l40s": "NVIDIA L40S 48GB",
    "m60": "NVIDIA Tesla M60",
    "mi300x": "AMD Instinct MI300X 192GB",
    "p100-pcie": "NVIDIA P100",
    "p4": "NVIDIA Tesla P4",
    "radeon-pro-v520": "AMD Radeon PRO V520",
    "rtxpro6000-bw": "NVIDIA RTX PRO 6000 Blackwell Server Edition 96GB",
    "t4": "NVIDIA T4",
    "titan-rtx": "NVIDIA Titan RTX",
    "v100-pcie-16": "NVIDIA Tesla V100 PCIe 16GB",
    "v100-pcie-32": "NVIDIA Tesla V100 PCIe 32GB",
    "v100-sxm2-16": "NVIDIA Tesla V100 SXM2 16GB",
    "v100-sxm2-32": "NVIDIA Tesla V100 SXM2 32GB",
    "v100s-pcie-32": "NVIDIA Tesla V100S PCIe 32GB",
}
