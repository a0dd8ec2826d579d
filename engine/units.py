"""Named conversions. The engine works in the units of its names; these serve the edges."""

MM2_PER_M2 = 1e6
STANDARD_GRAVITY_M_S2 = 9.80665
KW_PER_TON = 3.516_852_842_067  # ton of refrigeration
BTU_H_PER_KW = 3412.141_633_128
LPM_PER_GPM = 3.785_411_784  # US gallon
KPA_PER_PSI = 6.894_757_293_168
KPA_PER_LB_FT2 = 0.047_880_258_980_336
M3_H_PER_CFM = 1.699_010_795_52
KG_PER_LB = 0.453_592_37
MM_PER_IN = 25.4


def lpm_to_m3_s(flow_lpm: float) -> float:
    """Flow in SI units. [m3/s]"""
    return flow_lpm / 60_000.0


def m3_s_to_lpm(flow_m3_s: float) -> float:
    """Flow in litres per minute. [L/min]"""
    return flow_m3_s * 60_000.0


def kw_to_ton(power_kw: float) -> float:
    """Cooling power in tons of refrigeration. [ton]"""
    return power_kw / KW_PER_TON


def ton_to_kw(power_ton: float) -> float:
    """Cooling power in kilowatts. [kW]"""
    return power_ton * KW_PER_TON


def kw_to_btu_h(power_kw: float) -> float:
    """Power in British thermal units per hour. [BTU/h]"""
    return power_kw * BTU_H_PER_KW


def btu_h_to_kw(power_btu_h: float) -> float:
    """Power in kilowatts. [kW]"""
    return power_btu_h / BTU_H_PER_KW


def lpm_to_gpm(flow_lpm: float) -> float:
    """Flow in US gallons per minute. [gpm]"""
    return flow_lpm / LPM_PER_GPM


def gpm_to_lpm(flow_gpm: float) -> float:
    """Flow in litres per minute. [L/min]"""
    return flow_gpm * LPM_PER_GPM


def kpa_to_psi(pressure_kpa: float) -> float:
    """Pressure in pounds per square inch. [psi]"""
    return pressure_kpa / KPA_PER_PSI


def psi_to_kpa(pressure_psi: float) -> float:
    """Pressure in kilopascals. [kPa]"""
    return pressure_psi * KPA_PER_PSI


def c_to_f(temperature_c: float) -> float:
    """Temperature in degrees Fahrenheit. [°F]"""
    return temperature_c * 1.8 + 32.0


def f_to_c(temperature_f: float) -> float:
    """Temperature in degrees Celsius. [°C]"""
    return (temperature_f - 32.0) / 1.8


def m3_h_to_cfm(flow_m3_h: float) -> float:
    """Air flow in cubic feet per minute. [cfm]"""
    return flow_m3_h / M3_H_PER_CFM


def cfm_to_m3_h(flow_cfm: float) -> float:
    """Air flow in cubic metres per hour. [m3/h]"""
    return flow_cfm * M3_H_PER_CFM
